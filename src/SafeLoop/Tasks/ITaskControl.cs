namespace SafeLoop;

/// <summary>What a handle shows and controls: one loop, a keyed task as a whole, or a key whose loop is parked.</summary>
internal interface ITaskControl
{
    string Name { get; }

    RecurringTaskState State { get; }

    IReadOnlyList<IterationRecord> History { get; }

    Task<LoopEnd> Completion { get; }

    /// <summary>A copy.</summary>
    RecurringTaskOptions Options { get; }

    /// <summary>The options that code and configuration last set, without changes at run time. Not a copy.</summary>
    RecurringTaskOptions ConfiguredOptions { get; }

    RecurringTaskSnapshot Snapshot();

    IReadOnlyList<UpcomingSlot> UpcomingSlots(int count);

    IReadOnlyList<UpcomingSlot> PreviewSlots(RecurringTaskOptions options, int count);

    /// <summary>What all loops share.</summary>
    LoopEnvironment Environment { get; }

    void PauseWith(TaskPause pause);

    void Resume(Resumption resumption);

    Task<IterationRecord> RunNowAsync(CancellationToken cancellationToken);

    int CancelRunning();

    void Stop(string? reason);

    void Start();

    Task ChangeAsync(RecurringTaskOptions options, CancellationToken cancellationToken);
}
