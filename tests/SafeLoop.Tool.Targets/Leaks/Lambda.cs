namespace Targets.Leaks;

internal sealed class Lambda : ITarget
{
    public Task RunAsync(Work work)
    {
        Func<Task> poll = null!;
        poll = async () =>
        {
            await work.StepAsync();
            await poll(); // recurs
        };
        return poll();
    }
}
