namespace Targets.Ambient;

internal sealed class Scopes : ITarget
{
    private static readonly AsyncLocal<Scope?> Current = new();

    public Task RunAsync(Work work)
    {
        _ = Task.Run(() => TickAsync(work));
        return Task.CompletedTask;
    }

    private static async Task TickAsync(Work work)
    {
        Current.Value = new Scope(Current.Value);
        await work.StepAsync();
        _ = Task.Run(() => TickAsync(work)); // passes its context on
    }

    private sealed class Scope(Scope? parent)
    {
        public Scope? Parent { get; } = parent;
    }
}
