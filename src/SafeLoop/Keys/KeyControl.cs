namespace SafeLoop;

/// <summary>
/// Implements the handle of one key. Reading leaves the loop parked. The first call that controls it pins it to its own runner.
/// </summary>
/// <remarks>
/// The row of a removed key is reused. The handle then shows the state that it read last, and that the key was removed.
/// </remarks>
internal sealed class KeyControl : ITaskControl
{
    private readonly KeyedLoops _all;
    private readonly IKeyed _key;
    private readonly Lock _gate = new();
    private volatile TaskLoop? _own;
    private KeyView _last;

    public KeyControl(KeyedLoops all, IKeyed key)
    {
        (_all, _key) = (all, key);
        _last = new(all.Group, key.Id, KeyedLoopState.Removed, all.Task, null, null, default, null);
        Refresh();
    }

    public string Name => _all.Name;

    public RecurringTaskState State => Own?.State ?? KeyStates.GetState(Refresh());

    public IReadOnlyList<IterationRecord> History =>
        Own?.History ?? (_all.Records.Find(_key.Id) is { } failing ? [failing.Last] : []);

    public Task<LoopEnd> Completion => Pin()?.Completion ?? Task.FromResult(End);

    public RecurringTaskOptions Options => Own?.Options ?? Complete(Refresh().Task).Options.Copy();

    public RecurringTaskOptions ConfiguredOptions => Own?.ConfiguredOptions ?? Complete(Refresh().Task).Options;

    public RecurringTaskSnapshot Snapshot() => Own?.Snapshot() ?? KeyStates.Snapshot(_all, _key, Refresh());

    public IReadOnlyList<UpcomingSlot> UpcomingSlots(int count) => Own?.UpcomingSlots(count) ?? Foresee(Refresh(), count);

    public IReadOnlyList<UpcomingSlot> PreviewSlots(RecurringTaskOptions options, int count) =>
        Pin()?.PreviewSlots(options, count) ?? [];

    public LoopEnvironment Environment => _all.Environment;

    public void PauseWith(TaskPause pause) => Pin()?.PauseWith(pause);

    public void Resume(Resumption resumption)
    {
        if (Own is not null || Refresh() is { IsPausedIndividually: true, End: null })
            Pin()?.Resume(resumption);
    }

    public Task<IterationRecord> RunNowAsync(CancellationToken cancellationToken)
    {
        if (Pin() is { } own)
            return own.RunNowAsync(cancellationToken);
        Instant now = _all.Clock.Now;
        return Task.FromResult(new IterationRecord(now, now, IterationOutcome.Skipped, OutcomeReason.Disabled, 1)
        {
            Error = RefusedRun.Explain(End, null, isKey: true),
            IsManual = true,
        });
    }

    public int CancelRunning() => _all.CancelRunning(_key.Id);

    public void Stop(string? reason) => Pin()?.Stop(reason);

    public void Start()
    {
        if (Own is { } own)
            own.Start();
        else
            _all.StartAgain(_key.Id);
    }

    public Task ChangeAsync(RecurringTaskOptions options, CancellationToken cancellationToken) =>
        Pin()?.ChangeAsync(options, cancellationToken) ?? Task.CompletedTask;

    /// <summary>The control of the pinned loop; null while nothing has controlled the loop.</summary>
    private TaskLoop? Own => _own ??= _all.ControlOf(_key.Id);

    private static RecurringTask Complete(RecurringTask task) => task.StandsInFor ?? task;

    private LoopEnd End => Refresh().End ?? LoopEnd.Removed;

    /// <returns>Null when the loop has ended.</returns>
    private TaskLoop? Pin() => _own ??= _all.Pin(_key.Id);

    private KeyView Refresh()
    {
        var isThere = KeyView.TryCreate(_all.Group, _key.Id, null, out var view);
        lock (_gate)
            return _last = isThere ? view : _last with { End = _last.End ?? EndOfGone, Runner = null };
    }

    // The row is gone. The loop may have moved with its shard, whose ownership is in the definition that was seen last.
    private LoopEnd EndOfGone => _last.Task.Shard is { IsClosed: true } ? LoopEnd.Moved : LoopEnd.Removed;

    private IReadOnlyList<UpcomingSlot> Foresee(in KeyView key, int count) =>
        key.End is not null ? []
        : key.Runner?.Schedule.Foresee(count) ?? ParkedPlanner.Foresee(_key, key.Task, _all.Group, key.State, count);
}
