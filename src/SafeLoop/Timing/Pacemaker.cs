using System.Runtime.CompilerServices;

namespace SafeLoop;

/// <summary>The timer of all loops of a clock: rings each <see cref="Alarm"/> when it is due, never early.</summary>
/// <remarks>
/// <code>
///   Arm ──► TimingWheel ──(the earliest)──► ITimer ──fires──► a worker on the thread pool:
///                ▲                                               while (TakeDue() is { } alarm)
///                └───────────── may arm again ◄───────────────────   alarm.Ring();
/// </code>
/// <para>
/// Invariant, true whenever the lock is free: either a worker was dispatched and has not started yet, or the timer is set no
/// later than the next alarm (or than the end of coalescing, see below). Every worker restores it <em>before</em> it rings the
/// alarm that it took. A Ring that blocks therefore delays no other alarm, because another worker is already dispatched. There
/// are no batches: due alarms stay in the wheel, where they can be disarmed or moved, until a worker takes them.
/// </para>
/// <para>
/// The 8 ms coalescing applies only when one wake-up fires more than 16 alarms: the timer then does not fire again within 8 ms
/// of its last firing. Ten thousand alarms a second then share 125 wake-ups, and a wake-up costs as much as some fifty rings.
/// No coalescing happens while an alarm waits that was armed for a short wait. (Network cards call this interrupt moderation.)
/// </para>
/// <para>
/// The timer is one-shot, and its timing is not trusted. It may fire early, late, twice, or for an alarm that was disarmed. The
/// worker then finds no due alarm and sets it again. It is set only when an alarm is earlier than its current setting.
/// </para>
/// </remarks>
/// <threadsafety>Every member may be called from any thread, also from <see cref="Alarm.Ring"/>.</threadsafety>
internal sealed class Pacemaker : IThreadPoolWorkItem
{
    /// <summary>Less than the limits of known timers, 24.8 days (2^31 ms) and 49.7 days. Longer waits are split.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(24);

    /// <summary>The maximum number of alarms in a turn. The worker then lets other work of the thread pool run.</summary>
    private const int RingsPerTurn = 256;

    /// <summary>The maximum duration of a turn, because alarms whose loops block take much longer than others.</summary>
    private static readonly TimeSpan TurnLimit = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Lateness from which the thread pool must lack a free thread. Timers and bursts of alarms are never this late.
    /// </summary>
    private static readonly TimeSpan Starved = TimeSpan.FromMilliseconds(250);

    /// <summary>A wake-up with more alarms than this starts coalescing.</summary>
    private const int CoalescingThreshold = 16;

    private static readonly ConditionalWeakTable<TimeProvider, Pacemaker> Shared = [];

    private readonly TickScale _scale;
    private readonly ITimer _timer;
    private readonly Action<IThreadPoolWorkItem> _dispatch;
    private readonly bool _timerFiresOnThreadPool;

    private readonly Lock _gate = new();
    private readonly ArmedAlarms _alarms = new();  // under the lock
    private readonly TimingWheel<ArmedAlarms.Nodes> _wheel; // under the lock
    private long _timerTick = TickScale.Never;     // under the lock: when the timer fires; Never: it is not set
    private readonly long _coalescing, _shortWait; // in ticks
    private long _firedTick;                       // under the lock: when the timer fired last
    private long _rungSince;                       // under the lock
    private long _coalesceUntil;                   // under the lock: the timer does not fire before, except for short waits
    private long _promptUntil;                     // under the lock: when the last alarm armed for a short wait is due
    private LatenessWindow _lateness;              // under the lock

    // Written by the timer's callback, which takes no lock: a clock may hold its own lock during the callback.
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
        _wheel = new(_alarms.ForWheel);
        _timer = CreateTimerWithoutContext();
        CoalescingInterval = time == TimeProvider.System ? TimeSpan.FromMilliseconds(8) : TimeSpan.Zero;
    }

    /// <summary>Returns the pacemaker of a clock, one per clock. It lives as long as the clock.</summary>
    public static Pacemaker For(TimeProvider time) => Shared.GetOrAdd(time, static time => new Pacemaker(time));

    public TimeProvider Time { get; }

    /// <summary>Converts timestamps into the ticks of all wheels of this clock.</summary>
    public TickScale Scale => _scale;

    /// <summary>True when work items run on a dedicated thread instead of the thread pool, as in virtual time.</summary>
    public bool HasItsOwnThread { get; }

    /// <summary>
    /// True when the code that sets the wall clock notifies the <see cref="WallClockWatch"/>, as in virtual time.
    /// </summary>
    public bool IsNotifiedOfClockChanges { get; init; }

    /// <summary>
    /// The minimum time between two firings of the timer after a wake-up with many alarms. Default: 8 ms with the system's
    /// clock, zero with any other.
    /// </summary>
    public TimeSpan CoalescingInterval
    {
        // A loop with a shorter period than this could miss its next slot.
        init => (_coalescing, _shortWait) = (_scale.TicksIn(value), 2 * _scale.TicksIn(value));
    }

    /// <summary>Coalescing does not delay a wait of fewer ticks.</summary>
    public long ShortWait => _shortWait;

    public int Armed => _wheel.Count;

    /// <summary>
    /// The maximum lateness of an alarm within the last one or two minutes, including an alarm that is due and has not rung
    /// yet.
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

    /// <summary>True when alarms ring so late that the thread pool must lack free threads.</summary>
    public bool IsStarved => Lateness >= Starved;

    /// <summary>
    /// Dispatches a work item to the thread that rings alarms, with a clean execution context. Never runs it within this call.
    /// </summary>
    public void Dispatch(IThreadPoolWorkItem item) => _dispatch(item);

    /// <summary>Rings the alarm once, when the clock's timestamp has reached <paramref name="dueTimestamp"/>.</summary>
    /// <param name="alarm">
    /// The alarm. If it is already armed, and not yet taken, it is moved and rings once, at the new time.
    /// </param>
    /// <param name="dueTimestamp">A past timestamp: as soon as possible. <see cref="long.MaxValue"/>: never.</param>
    /// <remarks>The pacemaker keeps an armed alarm alive, unless it is armed for never.</remarks>
    public void Arm(Alarm alarm, long dueTimestamp)
    {
        var tick = _scale.DueAt(dueTimestamp);
        bool callWorker;
        lock (_gate)
        {
            Add(alarm, tick);
            if (tick - _wheel.Now < _shortWait)
                _promptUntil = Math.Max(_promptUntil, tick);
            callWorker = ScheduleWake(tick);
        }
        if (callWorker)
            _dispatch(this);
    }

    /// <summary>Arms the alarm of another wheel for the earliest alarm in it.</summary>
    /// <param name="alarm">The alarm.</param>
    /// <param name="tick">When it is due, in ticks of the <see cref="Scale"/>.</param>
    /// <param name="promptUntil">The tick at which the last alarm of the other wheel that was armed for a short wait is
    /// due.</param>
    /// <param name="rings">The number of alarms of the other wheel that have rung since, not counting this one.</param>
    /// <param name="latest">The maximum lateness of these alarms, in ticks.</param>
    public void Arm(Alarm alarm, long tick, long promptUntil, int rings, long latest)
    {
        bool callWorker;
        lock (_gate)
        {
            Add(alarm, tick);
            CountRings(rings, latest, _wheel.Now);
            _promptUntil = Math.Max(_promptUntil, promptUntil);
            callWorker = ScheduleWake(tick);
        }
        if (callWorker)
            _dispatch(this);
    }

    /// <summary>
    /// Disarms an alarm. True: it was armed and will not ring. False: it was not armed, or its Ring has begun or is about to.
    /// </summary>
    public bool Disarm(Alarm alarm)
    {
        lock (_gate)
        {
            if (alarm.Place == 0)
                return false;
            Take(alarm.Place); // the timer stays set: at worst it fires once for nothing
            return true;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _workerCalled, 0);   // from here on, an alarm that becomes due dispatches another worker
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
                ExecutionContext.Restore(context);    // the next alarm must not see AsyncLocal values of this one
        }
    }

    /// <summary>Takes the next due alarm and restores the invariant.</summary>
    /// <returns>Null when none is due, or when the turn is over and another worker was dispatched.</returns>
    private Alarm? TakeDue(long turnEnds)
    {
        // Read for each alarm, not once per turn; otherwise loops that are always due would starve the others.
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
            var place = _wheel.TakeDue();
            alarm = place == 0 ? null : _alarms[place];
            if (alarm is not null)
            {
                CountRings(1, now - _alarms.ForWheel.TickOf(place, now), now);
                Take(place);
            }
            callWorker = ScheduleWake(_wheel.EarliestTick);
        }
        if (callWorker)
            _dispatch(this);
        return alarm;
    }

    private void Add(Alarm alarm, long tick)
    {
        if (alarm.Place == 0)
            alarm.Place = _alarms.Add(alarm);
        else
            _wheel.Remove(alarm.Place);
        if (tick < _timerTick + _shortWait)
            _wheel.AdvanceTo(_scale.Reached(Time.GetTimestamp()));   // first, because the bucket depends on the distance
        _wheel.Add(alarm.Place, tick);
    }

    private void Take(int place)
    {
        _wheel.Remove(place);
        _alarms[place].Place = 0;
        _alarms.Remove(place);
    }

    private void CountRings(int rings, long late, long now)
    {
        _lateness.Record(late, now);
        _rungSince += rings;
        if (_rungSince > CoalescingThreshold)
            _coalesceUntil = _firedTick + _coalescing;
    }

    /// <summary>
    /// Restores the invariant for an alarm at this tick. True: the caller must dispatch a worker after it releases the lock.
    /// </summary>
    private bool ScheduleWake(long tick)
    {
        if (tick <= _wheel.Now)
            return _workerCalled == 0 && TryCallWorker();   // the read avoids an interlocked write for every alarm of a burst
        var wake = _promptUntil > _wheel.Now ? tick : Math.Max(tick, _coalesceUntil);
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

    /// <summary>
    /// Creates the timer without an execution context, so that it does not keep the AsyncLocal values of its creator alive.
    /// </summary>
    private ITimer CreateTimerWithoutContext()
    {
        using var noFlow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return Time.CreateTimer(
            static pacemaker => ((Pacemaker)pacemaker!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
