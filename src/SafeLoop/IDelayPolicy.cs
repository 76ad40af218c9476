namespace SafeLoop;

/// <summary>Answers one question: when next?</summary>
/// <remarks>
/// A policy is a pure function of what it is given: no clock, no randomness, no state, no blocking, so that it can be tested without
/// running a loop and asked at any time (also to preview <c>UpcomingSlots</c>). It is called on the loop's own
/// thread, at least once per iteration, and again when the wall clock was set. One that throws, or answers with a slot that is not after
/// the last one, is logged, and the loop goes on a minute later.
/// </remarks>
public interface IDelayPolicy
{
    /// <summary>The next slot, or null when there is none: then the loop ends with <see cref="LoopEnd.Completed"/>.</summary>
    /// <param name="history">What happened so far.</param>
    /// <param name="now">The wall clock, in UTC.</param>
    /// <returns>An instant after <see cref="LoopHistory.LastSlot"/>. One that is not after <paramref name="now"/> is due at once.</returns>
    DateTimeOffset? Next(LoopHistory history, DateTimeOffset now);
}
