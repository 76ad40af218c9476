namespace SafeLoop;

/// <summary>
/// Implements the handle of a keyed task as a whole. It shows, pauses and resumes all keys. Calls that need one key throw.
/// </summary>
internal sealed class KeyedTaskControl(KeyedLoops all) : ITaskControl
{
    public string Name => all.Name;

    public RecurringTaskState State => Snapshot().State;

    public IReadOnlyList<IterationRecord> History => [];

    public Task<LoopEnd> Completion => all.Completion;

    public RecurringTaskOptions Options => all.Task.Options.Copy();

    public RecurringTaskOptions ConfiguredOptions => all.ConfiguredOptions;

    public RecurringTaskSnapshot Snapshot() => KeyedTaskSnapshot.Create(all);

    /// <summary>One slot each of the keys that are due first.</summary>
    public IReadOnlyList<UpcomingSlot> UpcomingSlots(int count)
    {
        var planned = all.ViewAll().Where(key => key.End is null && !key.NextSlot.IsNone && !key.NextSlot.IsNever);
        var soonest = TopKeys.Select(planned, key => -key.NextSlot.UtcTicks, count);
        return [.. soonest.Select(key => Forecast.At(key.Task, key.NextSlot, all.Clock))];
    }

    public IReadOnlyList<UpcomingSlot> PreviewSlots(RecurringTaskOptions options, int count) =>
        throw NeedsKey(nameof(PreviewSlots), "Call");

    public LoopEnvironment Environment => all.Environment;

    public void PauseWith(TaskPause pause) => all.PauseWith(pause);

    public void Resume(Resumption resumption) => all.ResumeAll(resumption);

    public Task<IterationRecord> RunNowAsync(CancellationToken cancellationToken) =>
        Task.FromException<IterationRecord>(NeedsKey(nameof(RunNowAsync), "Call"));

    public int CancelRunning() => all.CancelRunning();

    public void Stop(string? reason) =>
        throw NeedsKey(nameof(Stop), "Pause the task, set Enabled to false in its configuration, or call");

    /// <summary>Does nothing: the loops run as long as the host does.</summary>
    public void Start()
    {
    }

    public Task ChangeAsync(RecurringTaskOptions options, CancellationToken cancellationToken) =>
        throw NeedsKey(nameof(ChangeAsync), $"Change the configuration 'RecurringTasks:{all.Name}', or call");

    private InvalidOperationException NeedsKey(string call, string instead) => new(
        $"Recurring task '{all.Name}' has a loop per key, and {call} is for one loop. "
        + $"{instead} Find(key) of IRecurringTaskKeys<TTask, TKey> and {call} on the handle of the key.");
}
