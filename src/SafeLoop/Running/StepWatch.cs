using System.Numerics;

namespace SafeLoop;

/// <summary>
/// Measures how long the steps of an iteration keep the thread they are called on, and reports those that block a thread of
/// the pool.
/// </summary>
/// <remarks>Costs one look at the clock, which is the end of an iteration whose steps do not await.</remarks>
internal sealed class StepWatch(LoopEnvironment environment, Iteration iteration) : IStepWatch
{
    /// <summary>No timestamp: it is not known. A clock may start at any other number.</summary>
    public const long Unknown = long.MinValue;

    // Long enough for whatever runs in a healthy pool, short enough for a few of them to be felt.
    private const int LimitsPerSecond = 10;

    private RecurringTask _task = null!;
    private long _since;
    private bool _onOwnThread;

    /// <summary>A step of this iteration has blocked the thread it was called on.</summary>
    public bool HasBlocked { get; private set; }

    /// <summary>
    /// The timestamp at which the last step returned that did not await, and after which nothing else was called; or
    /// <see cref="Unknown"/>.
    /// </summary>
    public long Returned { get; private set; } = Unknown;

    /// <param name="task">Whose iteration begins.</param>
    /// <param name="onOwnThread">The thread may be blocked.</param>
    /// <param name="now">The timestamp, or <see cref="Unknown"/>.</param>
    public void Begin(RecurringTask task, bool onOwnThread, long now) =>
        (_task, _onOwnThread, _since, Returned, HasBlocked) = (task, onOwnThread, now, Unknown, false);

    public void Forget() => (_since, Returned) = (Unknown, Unknown);

    public void OnStepStarting()
    {
        if (_since == Unknown)
            _since = environment.Time.GetTimestamp();
    }

    public void OnStepReturned(TaskStep step, bool hasEnded)
    {
        var now = environment.Time.GetTimestamp();
        if (now - _since >= environment.Time.TimestampFrequency / LimitsPerSecond)
            OnBlocked(step, environment.Time.GetElapsedTime(_since, now));
        _since = Returned = hasEnded ? now : Unknown;
    }

    private void OnBlocked(TaskStep step, TimeSpan duration)
    {
        HasBlocked = true;
        if (_onOwnThread)
            return;
        // The 1st, 2nd, 4th, 8th … time: a step that always blocks must not flood the log.
        var times = _task.Steps.AddBlocked(duration);
        if (BitOperations.IsPow2(times))
            environment.Observers.Fault(iteration.Task, TextOf(step, duration, times), null, iteration.Keyed);
    }

    private string TextOf(TaskStep step, TimeSpan duration, long times) => FormattableString.Invariant(
        $"{char.ToUpperInvariant(step.Place[0])}{step.Place[1..]} blocked its thread for {duration.TotalMilliseconds:N0} ms{(times == 1 ? "" : $", {times:N0} times in all")}. ")
        + "Work that waits for a thread of the pool is late meanwhile. Await instead, or "
        + (iteration.Keyed is null ? "call OnDedicatedThread()." : "call Concurrency(max).");
}
