namespace SafeLoop;

/// <summary>Computes the next slot of a loop.</summary>
/// <remarks>
/// A policy must be a pure function of its arguments: no clock, no randomness, no state, no blocking. It can then be tested
/// without a loop and called at any time (also to preview <c>UpcomingSlots</c>). The loop calls it on its own thread at least
/// once per iteration, and again when the wall clock was set. When it throws, or returns a slot that is not after the last one,
/// the error is logged and the loop continues a minute later.
/// </remarks>
public interface IDelayPolicy
{
    /// <summary>
    /// Returns the next slot, or null when there is none: the loop then ends with <see cref="LoopEnd.Completed"/>.
    /// </summary>
    /// <param name="history">The history of the loop.</param>
    /// <param name="now">The wall clock, in UTC.</param>
    /// <returns>
    /// An instant after <see cref="LoopHistory.LastSlot"/>. An instant that is not after <paramref name="now"/> is due at once.
    /// </returns>
    DateTimeOffset? Next(LoopHistory history, DateTimeOffset now);
}
