using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Merges two changes of a key that are saved in one batch.</summary>
internal static class KeyChanges
{
    /// <summary>Returns the later change, completed by the earlier one where the later changes nothing.</summary>
    public static LoopChange Merge(LoopChange earlier, LoopChange later)
    {
        var (before, now) = (earlier.Loop, later.Loop);
        if (now is { LastEnded: null, LastOutcome: IterationOutcome.None, ConsecutiveFailures: 0 } && !later.IsForgotten)
        {
            now = now with
            {
                LastEnded = before.LastEnded,
                LastOutcome = before.LastOutcome,
                ConsecutiveFailures = before.ConsecutiveFailures,
            };
        }
        if (!later.HasPauseChanged)
            now = now with { Pause = before.Pause };
        if (!later.HasEndChanged)
            now = now with { End = before.End, EndReason = before.EndReason };
        return new()
        {
            Loop = now,
            HasPauseChanged = earlier.HasPauseChanged || later.HasPauseChanged,
            HasEndChanged = earlier.HasEndChanged || later.HasEndChanged,
            IsForgotten = later.IsForgotten && now is { Pause: null, End: null },
        };
    }
}
