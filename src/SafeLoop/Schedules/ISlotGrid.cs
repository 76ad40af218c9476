namespace SafeLoop;

/// <summary>
/// A schedule whose slots do not depend on the end of iterations, so that late and overlapping slots can be counted.
/// </summary>
internal interface ISlotGrid : ISchedule
{
    /// <summary>
    /// The first slot that is not before <paramref name="instant"/>, on the grid that contains <paramref name="slot"/>;
    /// <see cref="Instant.Never"/> when there is none.
    /// </summary>
    Instant AtOrAfter(Instant slot, Instant instant);

    /// <summary>
    /// The last slot before <paramref name="instant"/>, on the grid that contains <paramref name="slot"/>;
    /// <see cref="Instant.None"/> when there is none. <paramref name="instant"/> must not be after <paramref name="slot"/>.
    /// </summary>
    Instant Before(Instant slot, Instant instant);

    /// <summary>
    /// The number of slots from the slot <paramref name="first"/> up to and including <paramref name="upTo"/>, and the last of
    /// them.
    /// </summary>
    DueSlots Count(Instant first, Instant upTo);
}
