namespace SafeLoop;

/// <summary>A schedule as the loop asks it.</summary>
internal interface ISchedule
{
    /// <summary>The next slot, or <see cref="Instant.Never"/>.</summary>
    /// <param name="state">What the loop remembers.</param>
    /// <param name="now">The loop's clock.</param>
    Instant Next(in LoopState state, Instant now);
}
