using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Restores the state of the loop of a key.</summary>
internal static class StoredStates
{
    /// <summary>
    /// Restores what a store remembers of the loop. When its schedule has begun already, only the pause.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="stored">What is stored.</param>
    /// <param name="withSlots">True: the schedule goes on after the last stored slot.</param>
    public static void Restore(ref LoopState state, StoredLoop stored, bool withSlots)
    {
        state.IsPaused |= stored.Pause is not null;
        if (state.HasBegun)
            return;
        if (state.ConsecutiveFailures == 0 && stored.End is null) // a loop that had ended begins again without failures
            state.ConsecutiveFailures = stored.ConsecutiveFailures;
        if (state.Ended.IsNone && stored.LastEnded is { } ended)
            (state.Ended, state.Outcome) = (ended, stored.LastOutcome);
        if (withSlots && stored.LastSlot is { } last)
            state.Slot = last;
    }
}
