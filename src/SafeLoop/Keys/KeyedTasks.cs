namespace SafeLoop;

/// <summary>The book of all keyed tasks.</summary>
internal sealed class KeyedTasks : IDisposable
{
    private static readonly StopRequest HostStops = new(LoopEnd.HostStopped, OutcomeReason.HostStopping, "The host is stopping.");

    private volatile KeyedLoops[] _all = [];

    public IReadOnlyList<KeyedLoops> All => _all;

    public void Add(KeyedLoops task) => _all = [.. _all, task];

    /// <summary>Iterations that are running, of loops that share runners.</summary>
    public IEnumerable<(KeyedLoops Task, KeyedLoop Loop, RunningIteration Iteration)> Running() =>
        from task in _all
        where task.Runners.Running > 0
        from look in task.Look()
        let runner = look.Runner
        where runner is { Owner: RentedRunner { IsPinned: false } }
        from iteration in runner.Running.Snapshot
        select (task, look.Loop, iteration);

    public void Start()
    {
        foreach (var task in _all)
            task.Start();
    }

    /// <summary>Begins the schedules that have waited for the application to start.</summary>
    public void Begin()
    {
        foreach (var task in _all)
            task.Pacemaker.Dispatch(task);
    }

    public void Stop()
    {
        foreach (var task in _all)
            task.Stop(HostStops);
    }

    /// <summary>A host that goes without having been stopped takes its loops along.</summary>
    public void Dispose() => Stop();
}
