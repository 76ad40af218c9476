namespace SafeLoop;

/// <summary>Reads the plan in the state of a loop.</summary>
internal static class LoopPlan
{
    /// <summary>The next slot on the loop's clock; none also when it depends on a running iteration.</summary>
    public static PlannedSlot Next(in LoopState state, RecurringTask task, LoopClock clock) =>
        state.NextSlot.IsNever || !state.HasBegun || state.IsWithheld ? PlannedSlot.None
        : state.IsOnWall ? new(SlotOnWall(state, task, clock), state.NextDue, IsBySchedule: false)
        : new(state.NextSlot, state.NextDue, state.IsBySchedule);

    // A clock that was set after the plan was made does not move the slot. Only a new plan moves it.
    private static Instant SlotOnWall(in LoopState state, RecurringTask task, LoopClock clock)
    {
        var slot = clock.FromWall(state.NextSlot);
        if (!state.NextDue.IsNever && (slot > state.NextDue || state.NextDue - slot > task.Options.Jitter))
            slot = state.NextDue;
        return Instant.Max(slot, state.Slot.JustAfter);
    }
}
