namespace SafeLoop;

/// <summary>
/// A view of the loop of a key: parked, in a rented runner, or pinned to one. Creating it changes nothing.
/// </summary>
/// <param name="Group">What the loops of the task share.</param>
/// <param name="Loop">The loop.</param>
/// <param name="RowState">Whether it waits, runs, is pinned or has ended.</param>
/// <param name="Task">The definition by which it runs.</param>
/// <param name="Runner">The runner; null when it is parked.</param>
/// <param name="End">Why it ended; null while it has not.</param>
/// <param name="State">A copy of its state.</param>
/// <param name="Control">The control of a pinned loop; null while nothing has controlled it.</param>
internal readonly record struct KeyView(
    KeyGroup Group,
    LoopId Loop,
    KeyedLoopState RowState,
    RecurringTask Task,
    LoopRunner? Runner,
    LoopEnd? End,
    LoopState State,
    TaskLoop? Control)
{
    /// <summary>Failures in a row.</summary>
    public int Failures => State.ConsecutiveFailures;

    /// <summary>The last slot, run or skipped; none before the first.</summary>
    public Instant LastSlot => State.Slot;

    /// <summary>True when the wall clock was set back behind the last slot and the next slot comes after that.</summary>
    public bool IsWaitingForClock => End is null && ClockSetBack.WaitsUntil(State, Task, Clock) is not null;

    /// <summary>True when it is paused individually, not with its whole task.</summary>
    public bool IsPausedIndividually => Runner?.Control.IsPausedIndividually ?? State.IsPaused;

    /// <summary>The next slot; never when there is none.</summary>
    public Instant NextSlot => End is not null ? Instant.Never : LoopPlan.Next(State, Task, Clock).Slot;

    /// <summary>The clock of the loop, on which its slots are.</summary>
    public LoopClock Clock => Runner?.Schedule.Clock ?? Group.Clock;

    /// <summary>How long its oldest iteration has been running; zero when none is running.</summary>
    public TimeSpan RunningFor => Runner is { Running.Count: > 0 } runner
        ? runner.Running.Snapshot.Select(iteration => iteration.Age).DefaultIfEmpty().Max()
        : TimeSpan.Zero;

    /// <summary>Creates a view from the copy of a row. A loop that is attached to a runner is read again.</summary>
    /// <param name="group">What the loops of the task share.</param>
    /// <param name="copies">The copies.</param>
    /// <param name="index">The index of the row among them.</param>
    /// <param name="pinned">The controls of pinned loops.</param>
    /// <param name="view">The view.</param>
    /// <returns>False when the key was removed.</returns>
    public static bool TryCreate(
        KeyGroup group, RowCopies copies, int index, Dictionary<LoopId, TaskLoop> pinned, out KeyView view)
    {
        var loop = copies.LoopAt(index);
        TaskLoop? control = null;
        if (copies[index].IsAttached || (pinned.Count > 0 && pinned.TryGetValue(loop, out control)))
            return TryCreate(group, loop, control ?? pinned.GetValueOrDefault(loop), out view);
        ref readonly var row = ref copies[index];
        view = new(group, loop, row.State, copies.TaskAt(index), null, row.End, row.Saved, null);
        return true;
    }

    /// <summary>Creates a view. While the loop is attached to a runner, the view has the runner's state.</summary>
    /// <param name="group">What the loops of the task share.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="control">The control of a pinned loop, which may have restarted the loop; null otherwise.</param>
    /// <param name="view">The view.</param>
    /// <returns>False when the key was removed.</returns>
    public static bool TryCreate(KeyGroup group, LoopId loop, TaskLoop? control, out KeyView view)
    {
        view = default;
        if (!group.Rows.TryRead(loop, out var row, out var task, out var rented))
            return false;
        var state = row.Saved;
        if (control is not null)
        {
            control.Log.TryGetState(loop, ref state);
            var end = control.Completion is { IsCompleted: true } ended ? ended.Result : (LoopEnd?)null;
            view = new(group, loop, row.State, task, control.ActiveLoop, end, state, control);
            return true;
        }
        if (rented is not null && !rented.Runner.Log.TryGetState(loop, ref state))
            return TryCreate(group, loop, null, out view); // it was parked meanwhile
        view = new(group, loop, row.State, task, rented?.Runner, row.End, state, null);
        return true;
    }
}
