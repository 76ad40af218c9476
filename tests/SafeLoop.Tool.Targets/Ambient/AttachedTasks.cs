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

    private Task Start() => Task.Factory.StartNew(Tick, CancellationToken.None, TaskCreationOptions.AttachedToParent, TaskScheduler.Default);

    private void Tick()
    {
        if (--_left > 0)
        {
            _ = Start(); // recurs
            return;
        }

        Work.Ready();
        _parked.Wait();
    }
}
