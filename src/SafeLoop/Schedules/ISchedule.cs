namespace SafeLoop;

/// <summary>Computes the next slot of a loop.</summary>
internal interface ISchedule
{
    /// <summary>The next slot, or <see cref="Instant.Never"/>.</summary>
    /// <param name="state">The state of the loop.</param>
    /// <param name="now">The current instant on the loop's clock.</param>
    Instant Next(in LoopState state, Instant now);
}
