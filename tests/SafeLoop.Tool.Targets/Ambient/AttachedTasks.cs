namespace Targets.Ambient;

internal sealed class AttachedTasks : ITarget
{
    private readonly ManualResetEventSlim _parked = new();
    private int _left;

    public Task RunAsync(Work work)
    {
        _left = work.Count;
        return Start();
    }

    /// <summary>The last has a thread of its own: it blocks it, and the pool shall come to rest.</summary>
    private Task Start()
    {
        var options = _left == 1
            ? TaskCreationOptions.AttachedToParent | TaskCreationOptions.LongRunning
            : TaskCreationOptions.AttachedToParent;
        return Task.Factory.StartNew(Tick, CancellationToken.None, options, TaskScheduler.Default);
    }

    private void Tick()
    {
        if (--_left > 0)
        {
            _ = Start(); // recurs
            return;
        }

        Work.ReadyWhenIdle();
        _parked.Wait();
    }
}
