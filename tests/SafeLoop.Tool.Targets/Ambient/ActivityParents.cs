using System.Diagnostics;

namespace Targets.Ambient;

/// <summary>No await at all: each run starts inside the activity of the run that started it.</summary>
internal sealed class ActivityParents : ITarget
{
    public Task RunAsync(Work work)
    {
        _ = Task.Run(() => TickAsync(work));
        return Task.CompletedTask;
    }

    private static async Task TickAsync(Work work)
    {
        using var activity = new Activity("tick").Start();
        await work.StepAsync();
        _ = Task.Run(() => TickAsync(work)); // passes its context on
    }
}
