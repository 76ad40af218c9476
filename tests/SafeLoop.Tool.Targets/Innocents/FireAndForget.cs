namespace Targets.Innocents;

internal sealed class FireAndForget : ITarget
{
    public async Task RunAsync(Work work)
    {
        await work.StepAsync();
        _ = Task.Run(() => RunAsync(work));
    }
}
