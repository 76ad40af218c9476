namespace SafeLoop;

/// <summary>A delay policy as the loop asks it: the next slot, or <see cref="Instant.Never"/>.</summary>
internal interface ISchedule
{
    Instant Next(LoopHistory history, Instant now);
}
