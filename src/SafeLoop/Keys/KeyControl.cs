namespace SafeLoop;

/// <summary>
/// Implements the handle of one key. Reading leaves the loop parked. The first call that controls it gives it its own runner.
/// </summary>
internal sealed class KeyControl(KeyedLoops all, KeyedLoop loop) : ITaskControl
{
    private volatile TaskLoop? _own;

    public string Name => all.Name;

    public RecurringTaskState State => Own?.State ?? KeyStates.GetState(KeyLook.At(loop));

    public IReadOnlyList<IterationRecord> History =>
        Own?.History ?? (all.Records.Find(loop) is { } failing ? [failing.Last] : []);

    public Task<LoopEnd> Completion => Pin()?.Completion ?? Task.FromResult(loop.End ?? LoopEnd.Removed);

    public RecurringTaskOptions Options => Own?.Options ?? (loop.Task.StandsInFor ?? loop.Task).Options.Copy();

    public RecurringTaskSnapshot Snapshot() => Own?.Snapshot() ?? KeyStates.Snapshot(all, KeyLook.At(loop));

    public IReadOnlyList<UpcomingSlot> UpcomingSlots(int count) =>
        Own?.UpcomingSlots(count) ?? Foresee(KeyLook.At(loop), count);

    public void Pause(string? reason) => Pin()?.Pause(reason);

    public void Resume()
    {
        if (Own is not null || KeyLook.At(loop).IsPausedAlone)
            Pin()?.Resume();
    }

    public Task<IterationRecord> RunNowAsync(CancellationToken cancellationToken)
    {
        if (Pin() is { } own)
            return own.RunNowAsync(cancellationToken);
        Instant now = all.Clock.Now;
        return Task.FromResult(new IterationRecord(now, now, IterationOutcome.Skipped, OutcomeReason.Disabled, 1)
        {
            Error = RefusedRun.Explain(loop.End ?? LoopEnd.Removed, null, isKey: true),
            IsManual = true,
        });
    }

    public void Stop(string? reason) => Pin()?.Stop(reason);

    public void Start()
    {
        if (Own is { } own)
            own.Start();
        else
            all.StartAgain(loop);
    }

    public Task ChangeAsync(RecurringTaskOptions options, CancellationToken cancellationToken) =>
        Pin()?.ChangeAsync(options, cancellationToken) ?? Task.CompletedTask;

    /// <summary>The control of the pinned loop; null while nothing has controlled the loop.</summary>
    private TaskLoop? Own => _own ??= all.ControlOf(loop);

    /// <returns>Null when the loop has ended.</returns>
    private TaskLoop? Pin() => _own ??= all.Pin(loop);

    private IReadOnlyList<UpcomingSlot> Foresee(in KeyLook key, int count) =>
        key.End is not null ? []
        : key.Runner?.Schedule.Foresee(count) ?? ParkedPlanner.Foresee(loop, loop.Task, all.Group, key.State, count);
}
