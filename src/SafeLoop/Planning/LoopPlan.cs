namespace SafeLoop;

/// <summary>Reads the plan in the state of a loop.</summary>
internal static class LoopPlan
{
    /// <summary>The next slot on the loop's clock; none also when it depends on a running iteration.</summary>
    public static PlannedSlot Next(in LoopState state, RecurringTask task, LoopClock clock) =>
        state.NextSlot.IsNever || !state.HasBegun || state.IsWithheld ? PlannedSlot.None
        : state.IsOnWall ? new(SlotOnWall(state, task, clock), state.NextDue, IsBySchedule: false)
        : new(state.NextSlot, state.NextDue, state.IsBySchedule);

    /// <summary>
    /// The instant up to which all slots of a loop have outcomes, when nothing runs and nothing is queued; never: there is none.
    /// </summary>
    /// <remarks>A loop that backs off, or whose step selected a later slot, has no slot before that one.</remarks>
    public static Instant DoneUntil(in LoopState state) =>
        !state.HasBegun ? (state.Slot.IsNone ? Instant.Never : state.Slot)
        : state.IsPlanned ? (state.NextSlot.IsNever ? Instant.Never : new(state.NextSlot.UtcTicks - 1))
        : !state.Slot.IsNone ? state.Slot
        : new(state.From.UtcTicks - 1);

    // A clock that was set after the plan was made does not move the slot. Only a new plan moves it.
    private static Instant SlotOnWall(in LoopState state, RecurringTask task, LoopClock clock)
    {
        var slot = clock.FromWall(state.NextSlot);
        if (!state.NextDue.IsNever && (slot > state.NextDue || state.NextDue - slot > task.Options.Jitter))
            slot = state.NextDue;
        return Instant.Max(slot, state.Slot.JustAfter);
    }
}
