namespace SafeLoop;

/// <summary>
/// A view of the loop of a key: parked, in a rented runner, or pinned to one. Creating it changes nothing.
/// </summary>
/// <param name="Loop">The loop.</param>
/// <param name="Runner">The runner; null when it is parked.</param>
/// <param name="End">Why it ended; null while it has not.</param>
/// <param name="State">What it remembers.</param>
/// <param name="Control">The control of a pinned loop; null while nothing has controlled it.</param>
internal readonly record struct KeyLook(
    KeyedLoop Loop, LoopRunner? Runner, LoopEnd? End, LoopState State, TaskLoop? Control)
{
    /// <summary>Failures in a row.</summary>
    public int Failures => State.ConsecutiveFailures;

    /// <summary>The last slot, run or skipped; none before the first.</summary>
    public Instant LastSlot => State.Slot;

    /// <summary>True when the wall clock was set back behind the last slot and the next slot comes after that.</summary>
    public bool WaitsForClock => End is null && ClockSetBack.WaitsUntil(State, Loop.Task, Clock) is not null;

    /// <summary>True when it is paused individually, not with its whole task.</summary>
    public bool IsPausedAlone => Runner?.Control.IsPausedAlone ?? State.IsPaused;

    /// <summary>The next slot; never when there is none.</summary>
    public Instant NextSlot => End is not null ? Instant.Never : LoopPlan.Next(State, Loop.Task, Clock).Slot;

    /// <summary>The clock of the loop, on which its slots are.</summary>
    public LoopClock Clock => Runner?.Schedule.Clock ?? Loop.Clock;

    /// <summary>How long its oldest iteration has been running; zero when none is running.</summary>
    public TimeSpan RunningFor => Runner is { Running.Count: > 0 } runner
        ? runner.Running.Snapshot.Select(iteration => iteration.Age).DefaultIfEmpty().Max()
        : TimeSpan.Zero;

    /// <summary>Views a loop. While a runner has it, the runner's state is newer than the parked one.</summary>
    public static KeyLook At(KeyedLoop loop)
    {
        var state = loop.Saved;
        var runner = loop.Runner?.Runner is { } rented && rented.Log.TryGetState(loop, ref state) ? rented : null;
        return new(loop, runner, loop.End, state, null);
    }

    /// <summary>Views a loop that is pinned, which may have started it again.</summary>
    public static KeyLook At(KeyedLoop loop, TaskLoop control)
    {
        var state = loop.Saved;
        control.Log.TryGetState(loop, ref state);
        return new(loop, control.Acting, control.Completion is { IsCompleted: true } ended ? ended.Result : null, state, control);
    }
}
