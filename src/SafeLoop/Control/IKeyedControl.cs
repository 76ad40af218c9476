namespace SafeLoop;

/// <summary>
/// What a handle looks at and controls that has no loop of its own: a keyed task as a whole, or a key whose loop waits without
/// a runner.
/// </summary>
internal interface IKeyedControl
{
    string Name { get; }

    RecurringTaskState State { get; }

    IReadOnlyList<IterationRecord> History { get; }

    Task<LoopEnd> Completion { get; }

    /// <summary>A copy.</summary>
    RecurringTaskOptions Options { get; }

    RecurringTaskSnapshot Snapshot();

    IReadOnlyList<UpcomingSlot> UpcomingSlots(int count);

    void Pause(string? reason);

    void Resume();

    Task<IterationRecord> RunNowAsync(CancellationToken cancellationToken);

    void Stop(string? reason);

    void Start();

    Task ChangeAsync(RecurringTaskOptions options, CancellationToken cancellationToken);
}
