using Microsoft.Extensions.Logging;

namespace Targets.Ambient;

/// <summary>Each run opens a scope of logging inside that of the run that started it.</summary>
internal sealed class LogScopes : ITarget
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    public Task RunAsync(Work work)
    {
        _ = Task.Run(() => TickAsync(work));
        return Task.CompletedTask;
    }

    private async Task TickAsync(Work work)
    {
        using var scope = _scopes.Push("tick");
        await work.StepAsync();
        _ = Task.Run(() => TickAsync(work)); // passes its context on
    }
}
