namespace SafeLoop;

/// <summary>
/// Finds calls into user code that do not return. An observer, a log, a policy or a provider that blocks would otherwise stop
/// its loop without any sign.
/// </summary>
/// <remarks>Inactive in virtual time, where one thread runs everything and <c>AdvanceAsync</c> reports what blocks it.</remarks>
internal sealed class BlockedCalls(LoopObservers observers) : IDisposable
{
    /// <summary>The time between two checks. A call that both find has blocked its loop at least this long.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private volatile BlockedCall[] _seen = [];
    private ITimer? _timer;
    private TimeProvider _time = TimeProvider.System;
    private int _isLogging;
    private int _isPublishing;

    /// <summary>The calls that had not returned for 10 s or longer at the last check.</summary>
    public IEnumerable<BlockedCall> All =>
        _seen.Where(call => call.IsReported).DistinctBy(call => (call.Task, call.Keyed?.Id, call.Callee));

    public TimeSpan AgeOf(BlockedCall call) => _time.GetElapsedTime(call.Since);

    /// <summary>Starts the checks. Does nothing when they are running.</summary>
    public void Watch(Pacemaker pacemaker)
    {
        if (_timer is not null || pacemaker.HasItsOwnThread)
            return;
        _time = pacemaker.Time;
        // A timer captures the execution context in which it is created.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        _timer = _time.CreateTimer(static calls => ((BlockedCalls)calls!).Check(), this, Interval, Interval);
    }

    public void Dispose() => _timer?.Dispose();

    private void Check()
    {
        var (now, before) = (_time.GetTimestamp(), _seen);
        BlockedCall[] seen = [.. from call in observers.Calls.Snapshot()
                                 let known = Array.Find(before, known => known.IsSameCall(call.Slot, call.Version))
                                 select known ?? new(call.Slot, call.Version, call.Callee, call.Subject, now)];
        var blocked = seen.Where(call => !call.IsReported && AgeOf(call) >= Interval).ToArray();
        foreach (var call in blocked)
            call.IsReported = true; // before the report, which may block too; health and metrics must not depend on it
        _seen = seen;

        if (blocked.Length == 0)
            return;
        ThreadPool.UnsafeQueueUserWorkItem(
            static report => report.Self.Report(report.blocked), (Self: this, blocked), preferLocal: false);
    }

    // A report may block too, in the log or in an observer. Later reports then omit that part only.
    private void Report(BlockedCall[] blocked)
    {
        LoopEvent[] faults = [.. blocked.Select(FaultOf)];
        if (Interlocked.Exchange(ref _isLogging, 1) == 0)
        {
            observers.PublishToOwn(faults);
            Volatile.Write(ref _isLogging, 0);
        }
        if (Interlocked.Exchange(ref _isPublishing, 1) == 0)
        {
            observers.PublishToOthers(faults);
            Volatile.Write(ref _isPublishing, 0);
        }
    }

    private LoopEvent FaultOf(BlockedCall call) => new()
    {
        Kind = LoopEventKind.Fault,
        FaultKind = FaultKind.CallBlocked,
        TaskName = call.Task,
        Keyed = call.Keyed,
        Text = $"{(call.IsOfLoop ? "The loop" : "A call")} is blocked: {call.Callee} has not returned for {AgeOf(call)}. "
            + "It must return quickly, and must not block.",
    };
}
