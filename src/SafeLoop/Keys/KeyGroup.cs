namespace SafeLoop;

/// <summary>What the loops of a keyed task share.</summary>
internal sealed class KeyGroup : IKeyGroup
{
    private volatile RecurringTask? _task;
    private volatile StopRequest? _stopRequest;
    private volatile TaskPause? _pause;
    private volatile bool _hasStarted;
    private volatile bool _hasBegun;

    /// <param name="environment">What all loops of the host share.</param>
    /// <param name="owner">The keyed task.</param>
    public KeyGroup(LoopEnvironment environment, IKeyOwner owner)
    {
        (Environment, Owner) = (environment, owner);
        Rows = new LoopRows(this);
    }

    public LoopEnvironment Environment { get; }

    public IKeyOwner Owner { get; }

    /// <summary>The loops themselves.</summary>
    public LoopRows Rows { get; }

    /// <summary>The runners that are rented to loops that have something to do.</summary>
    public RunnerPool Runners => Rows.Runners;

    public string Name => Task.Name;

    /// <summary>The definition of the task.</summary>
    /// <exception cref="InvalidOperationException">There is none yet.</exception>
    public RecurringTask Task
    {
        get => _task ?? throw new InvalidOperationException(
            "The keyed task has no definition yet; the host gives it one when it starts.");
        set => _task = value;
    }

    public bool IsDefined => _task is not null;

    /// <summary>The clock of all loops that are not pinned.</summary>
    public LoopClock Clock { get; set; } = null!;

    /// <summary>The pause of all loops; null when they are not paused.</summary>
    public TaskPause? Pause
    {
        get => _pause;
        set => _pause = value;
    }

    /// <summary>Why all loops were stopped; null while they were not.</summary>
    public StopRequest? StopRequest
    {
        get => _stopRequest;
        set => _stopRequest = value;
    }

    public bool HasStarted
    {
        get => _hasStarted;
        set => _hasStarted = value;
    }

    /// <summary>True when the schedules have begun. Before that, loops run only by hand.</summary>
    public bool HasBegun
    {
        get => _hasBegun;
        set => _hasBegun = value;
    }

    /// <summary>True when the schedules wait for the application to start.</summary>
    public bool IsHeld => _hasStarted && !_hasBegun && _stopRequest is null;

    /// <summary>The totals of all loops, and the errors of failing keys.</summary>
    public KeyedRecords Records { get; } = new();

    public RestoredKeys Restored => Records.Restored;

    /// <summary>Plans the loops again whenever the wall clock is set, from now on.</summary>
    public void FollowWallClock() => WallClockWatch.For(Environment.Pacemaker).Add(Owner);

    /// <summary>Creates a log for the loops of this task. One loop at a time is attached to it.</summary>
    public LoopLog CreateLog() => new(Name, 1, Environment.Observers, Records);
}
