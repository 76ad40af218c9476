namespace SafeLoop;

/// <summary>A schedule whose slots do not depend on when iterations end, so that late and overlapping slots can be counted.</summary>
internal interface ISlotGrid : ISchedule
{
    /// <summary>The first slot of the grid through <paramref name="slot"/> that is not before <paramref name="instant"/>; never, when there is none.</summary>
    Instant AtOrAfter(Instant slot, Instant instant);

    /// <summary>The last slot of the grid through <paramref name="slot"/> that is before <paramref name="instant"/>, which is not after it; none, when there is none.</summary>
    Instant Before(Instant slot, Instant instant);

    /// <summary>How many slots lie from <paramref name="first"/>, itself a slot, up to and including <paramref name="upTo"/>, and which is the last of them.</summary>
    DueSlots Count(Instant first, Instant upTo);
}
