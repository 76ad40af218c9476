using System.Runtime.CompilerServices;

namespace SafeLoop;

/// <summary>One wait for all loops of a clock: rings each <see cref="Alarm"/> when it is due, never early.</summary>
/// <remarks>
/// <code>
///   Arm ──► TimingWheel ──(the earliest)──► ITimer ──fires──► a worker on the thread pool:
///                ▲                                               while (TakeDue() is { } alarm)
///                └───────────── may arm again ◄───────────────────   alarm.Ring();
/// </code>
/// <para>
/// The invariant, true whenever the lock is free: either a worker has been called and has not looked yet, or the timer is set
/// no later than the next alarm (or than the end of a rest, see below). Every worker restores it <em>before</em> it rings what
/// it took. So a Ring that blocks holds up nobody: another worker is already on its way to the others, which is how the thread
/// pool feeds itself. There is no batch to be stranded in: due alarms stay in the wheel, where they can still be disarmed or
/// moved, until they are taken.
/// </para>
/// <para>
/// Where the timer woke us for many alarms, it does not fire again within 8 ms: ten thousand alarms a second share 125 wake-ups,
/// each of which costs as much as some fifty rings. Counted from when it fired: a herd that takes longer delays nothing further.
/// Few alarms are served at once, and there is no rest while one waits that was armed for a wait as short as that. (Network
/// cards call it interrupt moderation.)
/// </para>
/// <para>
/// The timer is one-shot and never trusted: it may fire early (the worker waits the rest), late, twice or for an alarm that
/// has been disarmed (the worker finds nothing and sets it anew). It is touched only when an alarm is earlier than its setting.
/// </para>
/// </remarks>
/// <threadsafety>Every member may be called from any thread, also from <see cref="Alarm.Ring"/>.</threadsafety>
internal sealed class Pacemaker : IThreadPoolWorkItem
{
    /// <summary>Below both limits seen in timers: 24.8 days (2^31 ms) and 49.7 days. Longer waits are waited in pieces.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(24);

    /// <summary>Then a worker makes room for what else waits in the thread pool, so that a herd does not lock it out.</summary>
    private const int RingsPerTurn = 256;

    /// <summary>The maximum duration of a turn, because alarms whose loops block take much longer than others.</summary>
    private static readonly TimeSpan TurnLimit = TimeSpan.FromMilliseconds(5);

    /// <summary>Timers and bursts of alarms are never this late. A pool without a free thread is.</summary>
    private static readonly TimeSpan Starved = TimeSpan.FromMilliseconds(250);

    /// <summary>More in one wake-up are many.</summary>
    private const int FewRings = 16;

    private static readonly ConditionalWeakTable<TimeProvider, Pacemaker> Shared = [];

    private readonly TickScale _scale;
    private readonly ITimer _timer;
    private readonly Action<IThreadPoolWorkItem> _dispatch;
    private readonly bool _timerFiresOnThreadPool;

    private readonly Lock _gate = new();
    private readonly TimingWheel _wheel = new();   // under the lock
    private long _timerTick = TickScale.Never;     // under the lock: when the timer fires; Never: it is not set
    private readonly long _rest, _shortWait;       // in ticks
    private long _firedTick;                       // under the lock: when the timer fired last
    private long _rungSince;                       // under the lock
    private long _restUntil;                       // under the lock: it is not set to fire before, except
    private long _hasteUntil;                      // under the lock: until the last of the alarms armed for a short wait is due
    private LatenessWindow _lateness;              // under the lock

    // Written by the timer's callback, which takes no lock: a clock may hold one of its own while it calls.
    private volatile bool _timerFired;
    private int _workerCalled;

    /// <param name="time">The clock.</param>
    /// <param name="dispatch">Runs a work item later, never inline. Default: the thread pool.</param>
    internal Pacemaker(TimeProvider time, Action<IThreadPoolWorkItem>? dispatch = null)
    {
        Time = time;
        _scale = new TickScale(time);
        HasItsOwnThread = dispatch is not null;
        _dispatch = dispatch ?? (static item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false));
        _timerFiresOnThreadPool = dispatch is null && time == TimeProvider.System;
        _timer = CreateTimerWithoutContext();
        Rest = time == TimeProvider.System ? TimeSpan.FromMilliseconds(8) : TimeSpan.Zero;
    }

    /// <summary>The one pacemaker of a clock. It lives as long as the clock: a test's goes with the test.</summary>
    public static Pacemaker For(TimeProvider time) => Shared.GetOrAdd(time, static time => new Pacemaker(time));

    public TimeProvider Time { get; }

    /// <summary>What is dispatched runs on a thread that was given, not on the thread pool: in virtual time.</summary>
    public bool HasItsOwnThread { get; }

    /// <summary>Who sets the wall clock tells the <see cref="WallClockWatch"/>.</summary>
    public bool IsToldWhenTheClockIsSet { get; init; }

    /// <summary>How long the timer rests after it has fired for many alarms. By default only that of the system does.</summary>
    public TimeSpan Rest
    {
        // A loop of a shorter period than this could be overtaken by its next slot.
        init => (_rest, _shortWait) = (_scale.TicksIn(value), 2 * _scale.TicksIn(value));
    }

    public int Armed => _wheel.Count;

    /// <summary>
    /// The worst lateness of an alarm within the last one or two minutes. An alarm that is due and has not rung counts too.
    /// </summary>
    /// <remarks>Alarms ring on a thread of the pool. The longer work waits there, the later they ring.</remarks>
    public TimeSpan Lateness
    {
        get
        {
            var now = _scale.Reached(Time.GetTimestamp());
            lock (_gate)
                return _scale.Duration(Math.Max(_lateness.WorstAt(now), now - _wheel.EarliestTick));
        }
    }

    /// <summary>True when alarms ring so late that the thread pool must be short of threads.</summary>
    public bool IsStarved => Lateness >= Starved;

    /// <summary>Runs a work item where alarms ring, later and in a clean execution context, never within this call.</summary>
    public void Dispatch(IThreadPoolWorkItem item) => _dispatch(item);

    /// <summary>Rings the alarm once, when the clock's timestamp has reached <paramref name="dueTimestamp"/>.</summary>
    /// <param name="alarm">If it is armed (even due, but not yet taken), it is moved and rings once, for the new time.</param>
    /// <param name="dueTimestamp">In the past: rings as soon as possible. <see cref="long.MaxValue"/>: never.</param>
    /// <remarks>The pacemaker keeps an armed alarm alive, unless it is armed for never.</remarks>
    public void Arm(Alarm alarm, long dueTimestamp)
    {
        var tick = _scale.DueAt(dueTimestamp);
        bool callWorker;
        lock (_gate)
        {
            _wheel.Remove(alarm);
            if (tick < _timerTick + _shortWait)
                _wheel.AdvanceTo(_scale.Reached(Time.GetTimestamp()));   // first: how far off it is decides where it lies
            _wheel.Add(alarm, tick);
            if (tick - _wheel.Now < _shortWait)
                _hasteUntil = Math.Max(_hasteUntil, tick);
            callWorker = Await(tick);
        }
        if (callWorker)
            _dispatch(this);
    }

    /// <summary>True: it was armed and will not ring. False: it was not armed, or its Ring has begun or is about to.</summary>
    public bool Disarm(Alarm alarm)
    {
        lock (_gate)
            return _wheel.Remove(alarm);   // the timer stays: at worst it wakes us once for nothing
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _workerCalled, 0);   // from here on, whatever else becomes due calls another worker
        TakeTurn();
    }

    private void TakeTurn()
    {
        var context = ExecutionContext.Capture();
        var turnEnds = Time.TimestampIn(TurnLimit);
        for (var rings = 0; rings < RingsPerTurn && TakeDue(rings == 0 ? long.MaxValue : turnEnds) is { } alarm; rings++)
        {
            alarm.Ring();
            if (context is not null)
                ExecutionContext.Restore(context);    // what one alarm leaves in AsyncLocals is not the next one's
        }
    }

    /// <returns>Null when none is due, or when the turn is over and another worker has been called.</returns>
    private Alarm? TakeDue(long turnEnds)
    {
        // Read every time, not once per turn: else loops that are always due would keep the others out.
        var timestamp = Time.GetTimestamp();
        if (timestamp >= turnEnds)
            return null;
        var now = _scale.Reached(timestamp);
        Alarm? alarm;
        bool callWorker;
        lock (_gate)
        {
            if (_timerFired)
            {
                _timerFired = false;
                (_timerTick, _firedTick, _rungSince) = (TickScale.Never, now, 0);
            }
            _wheel.AdvanceTo(now);
            alarm = _wheel.TakeDue();
            if (alarm is not null)
            {
                _lateness.Note(now - alarm.Tick, now);
                if (++_rungSince > FewRings)
                    _restUntil = _firedTick + _rest;
            }
            callWorker = Await(_wheel.EarliestTick);
        }
        if (callWorker)
            _dispatch(this);
        return alarm;
    }

    /// <summary>Restores the invariant for an alarm due then. True: dispatch a worker once the lock is released.</summary>
    private bool Await(long tick)
    {
        if (tick <= _wheel.Now)
            return _workerCalled == 0 && TryCallWorker();   // a herd asks for every alarm: look before the interlocked write
        var wake = _hasteUntil > _wheel.Now ? tick : Math.Max(tick, _restUntil);
        if (wake < _timerTick)
            SetTimer(wake);
        return false;
    }

    private void SetTimer(long tick)
    {
        var wait = Math.Min(tick - _wheel.Now, _scale.TicksIn(LongestWait));
        _timerTick = _wheel.Now + wait;
        _timer.Change(_scale.Duration(wait), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        _timerFired = true;
        if (_timerFiresOnThreadPool)
            TakeTurn();                               // saves waking a second thread: some 5 % of the CPU at 1,000,000 alarms
        else if (TryCallWorker())
            _dispatch(this);
    }

    private bool TryCallWorker() => Interlocked.Exchange(ref _workerCalled, 1) == 0;

    /// <summary>Without, the timer would keep whatever the first caller had in its AsyncLocals alive for ever.</summary>
    private ITimer CreateTimerWithoutContext()
    {
        using var noFlow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return Time.CreateTimer(
            static pacemaker => ((Pacemaker)pacemaker!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
