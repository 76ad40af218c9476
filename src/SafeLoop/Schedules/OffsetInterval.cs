namespace SafeLoop;

/// <summary>
/// A stretch of time in which a zone keeps one UTC offset. Inside it local time runs like UTC; everything difficult happens at
/// its borders. All values are ticks; <see cref="End"/> is exclusive.
/// </summary>
internal sealed class OffsetInterval(long start, long end, long offset, long offsetBefore, long offsetAfter)
{
    internal long Start => start;

    internal long End => end;

    internal long Offset => offset;

    /// <summary>The offset of the interval before; equal to <see cref="Offset"/> where only the cached year ends.</summary>
    internal long OffsetBefore => offsetBefore;

    internal long LocalStart => start + offset;

    internal long LocalEnd => end + offset;

    /// <summary>
    /// What the clock showed at the start, just before it was set: if less than <see cref="LocalStart"/> there is a gap, if
    /// more an overlap.
    /// </summary>
    internal long LocalBeforeStart => start + offsetBefore;

    /// <summary>What the clock shows at the end, once it has been set.</summary>
    internal long LocalAfterEnd => end + offsetAfter;

    internal bool BeginsWithGap => offsetBefore < offset;
}
