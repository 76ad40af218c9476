using System.Diagnostics;
using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>One iteration of the loop, for its steps to read, and to control the loop with.</summary>
/// <remarks>
/// Valid until the step's task ends. The iterations of a loop share one instance, and usually one source of cancellation
/// tokens, so copy what you need later. The members may be used from any thread while the step runs.
/// </remarks>
public sealed class Iteration
{
    private DateTimeOffset? _nextAt;
    private TimeSpan? _nextIn;
    private Instant _slot;
    private Instant _started;

    internal Iteration(string task) => TaskName = task;

    /// <summary>The name of the recurring task.</summary>
    public string TaskName { get; }

    /// <summary>The number of this iteration of the task, counted from 1 in the order of their starts.</summary>
    public long Number { get; private set; }

    /// <summary>
    /// The nominal time at which this iteration was due, before jitter. For a run by hand see <see cref="IsManual"/>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// In UTC. The slots of one loop strictly increase in the order in which its iterations start, runs by hand included.
    /// With <see cref="Overlap.Allow"/> a later iteration may overtake an earlier one.
    /// </para>
    /// <para>
    /// The slots of an interval are counted on the monotonic clock from the loop's start, so a change of the wall clock does
    /// not move them. The slots of a cron task or a delay policy go back only when the wall clock is set back, in three
    /// cases: by more than a day, behind a run by hand, or when an operator ends the wait for the clock.
    /// </para>
    /// </remarks>
    public DateTimeOffset Slot => _slot.ToDateTimeOffset();

    /// <summary>True when <see cref="RecurringTaskHandle.RunNowAsync"/> requested this run.</summary>
    /// <remarks>
    /// Its slot does not belong to the schedule. It is the time of the request, or an instant before the next slot of the
    /// schedule when that one is due but has not run yet. So a store that rejects every <see cref="Slot"/> that is not later
    /// than the last one rejects neither this run nor the slots after it.
    /// </remarks>
    public bool IsManual { get; private set; }

    /// <summary>When this iteration actually started, on the same clock as <see cref="Slot"/>.</summary>
    public DateTimeOffset Started => _started.ToDateTimeOffset();

    /// <summary>How many iterations in a row had failed when this one started.</summary>
    public int ConsecutiveFailures { get; private set; }

    /// <summary>
    /// The fencing token of the held lease, greater than that of every earlier holder; 0 when the task has no lock.
    /// </summary>
    public long FencingToken { get; private set; }

    /// <summary>The services of this iteration's scope; for a singleton task, the application's services.</summary>
    /// <remarks>
    /// A retry of <c>WithResilience</c> gets a scope of its own. Attempts of a hedging strategy run side by side and share this
    /// object, so this is the scope of the attempt that began last. Let such a step take its services as parameters.
    /// </remarks>
    [JsonIgnore]
    public IServiceProvider Services { get; internal set; } = null!;

    /// <summary>The code that is running now, for reports of an iteration that does not end.</summary>
    internal string CurrentActivity { get; set; } = "";

    internal const string Claiming = "claiming its slot in the store";

    /// <summary>The span of the steps; null when there is no listener or the steps have not started.</summary>
    internal Activity? Span { get; set; }

    /// <summary>The loop of a keyed task that this iteration belongs to; null for an ordinary task.</summary>
    internal IKeyed? Keyed { get; set; }

    /// <summary>The loop in reports of blocked user code: the loop of a key, or the name of the task.</summary>
    internal object Subject => (object?)Keyed ?? TaskName;

    internal bool WantsToStop { get; private set; }

    internal string? StopReason { get; private set; }

    /// <summary>
    /// Overrides the schedule once: the next slot is this long after the end of this iteration, on the clock of the task. For a
    /// cron schedule or a policy, that is the wall clock.
    /// </summary>
    /// <param name="delay">
    /// Zero or more. The last call of <see cref="NextIn"/> or <see cref="NextAt"/> wins. The choice also applies when the step
    /// then fails, before any back-off. It does not apply when a newer run replaces the iteration.
    /// </param>
    /// <remarks>
    /// A time past the year 9999 ends the loop with <see cref="LoopEnd.Completed"/>. Runs by hand are then skipped with
    /// <see cref="OutcomeReason.Disabled"/>. To wait for a run by hand, choose a long time such as 365 days.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    public void NextIn(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        (_nextIn, _nextAt) = (delay, null);
    }

    /// <summary>Overrides the schedule once: the next slot is at this instant of the wall clock.</summary>
    /// <param name="instant">
    /// An instant in the past is due at once. The last call of <see cref="NextIn"/> or <see cref="NextAt"/> wins, before any
    /// back-off.
    /// </param>
    /// <remarks>
    /// For an interval task, <see cref="Slot"/> and <see cref="Started"/> are no longer times of the wall clock once that was
    /// set: use <see cref="NextIn"/> to continue from them. An instant that is past on the wall clock but still ahead on the
    /// task's clock is read on the task's clock.
    /// <see cref="DateTimeOffset.MaxValue"/> ends the loop, as in <see cref="NextIn"/>.
    /// </remarks>
    public void NextAt(DateTimeOffset instant) => (_nextIn, _nextAt) = (null, instant);

    /// <summary>
    /// Ends the loop after this iteration, with <see cref="LoopEnd.StoppedByStep"/>. The outcome of the iteration does not
    /// change.
    /// </summary>
    /// <param name="reason">The reason, for the log and the snapshot; may be null.</param>
    public void StopLoop(string? reason = null) => (WantsToStop, StopReason) = (true, reason);

    /// <summary>True when the schedule selected the slot: not a caller, a step or the start.</summary>
    internal bool IsOnSchedule { get; private set; }

    internal void Begin(
        Instant slot, Instant started, int consecutiveFailures, bool isManual = false, bool isOnSchedule = false)
    {
        (IsManual, IsOnSchedule) = (isManual, isOnSchedule);
        (Number, _slot, _started, ConsecutiveFailures) = (0, slot, started, consecutiveFailures);
        (FencingToken, _nextIn, _nextAt, WantsToStop, StopReason, Span) = (0, null, null, false, null, null);
    }

    /// <summary>Releases the services, so that a waiting loop does not keep objects of the last scope alive.</summary>
    internal void End() => Services = null!;

    internal IterationRecord ToRecord() => new(_slot, _started, default, default, 1) { Number = Number, IsManual = IsManual };

    internal void Start(long number, long fencingToken) => (Number, FencingToken) = (number, fencingToken);

    /// <summary>The next slot that the step chose, read after its end; null: the schedule decides.</summary>
    internal ChosenSlot? ChosenNext =>
        _nextIn is { } delay ? new ChosenSlot(delay, null) : _nextAt is { } instant ? new ChosenSlot(null, instant) : null;
}
