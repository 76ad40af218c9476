namespace SafeLoop;

/// <summary>
/// Finds calls into users' code that do not return: an observer, a log, a policy or a provider that blocks ends its loop
/// without a word.
/// </summary>
/// <remarks>In virtual time there is one thread, and who waits for it says what blocks it: then this does not look.</remarks>
internal sealed class BlockedCalls(LoopObservers observers) : IDisposable
{
    /// <summary>A call that is seen twice has blocked its loop for as long as this.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private volatile BlockedCall[] _seen = [];
    private ITimer? _timer;
    private TimeProvider _time = TimeProvider.System;
    private int _isReporting;

    /// <summary>Those that have not returned for ten seconds or longer, as of the last look.</summary>
    public IEnumerable<BlockedCall> All => _seen.Where(call => call.IsReported).DistinctBy(call => (call.Task, call.Keyed, call.Callee));

    public TimeSpan AgeOf(BlockedCall call) => _time.GetElapsedTime(call.Since);

    /// <summary>Begins to look. Does nothing when it does already.</summary>
    public void Watch(Pacemaker pacemaker)
    {
        if (_timer is not null || pacemaker.HasItsOwnThread)
            return;
        _time = pacemaker.Time;
        // A timer keeps the context of who creates it.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        _timer = _time.CreateTimer(static calls => ((BlockedCalls)calls!).Look(), this, Interval, Interval);
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        var (now, before) = (_time.GetTimestamp(), _seen);
        BlockedCall[] seen = [.. from call in observers.Calls.Snapshot()
                                 select Array.Find(before, known => known.Is(call.Slot, call.Version)) ?? new(call.Slot, call.Version, call.Callee, call.Subject, now)];
        var blocked = seen.Where(call => !call.IsReported && AgeOf(call) >= Interval).ToArray();
        foreach (var call in blocked)
            call.IsReported = true; // before the report, which may block as well: health and metrics know by then
        _seen = seen;

        if (blocked.Length == 0 || Interlocked.Exchange(ref _isReporting, 1) == 1)
            return; // the last report is still being made: what blocks the loops blocks the log
        ThreadPool.UnsafeQueueUserWorkItem(static report => report.Self.Report(report.blocked), (Self: this, blocked), preferLocal: false);
    }

    private void Report(BlockedCall[] blocked)
    {
        foreach (var call in blocked)
        {
            observers.Fault(
                call.Task,
                $"Nothing of it runs: {call.Callee} has not returned for {AgeOf(call)}. It must return quickly, and must not block.",
                null,
                call.Keyed);
        }
        Volatile.Write(ref _isReporting, 0);
    }
}
