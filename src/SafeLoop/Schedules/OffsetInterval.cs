namespace SafeLoop;

/// <summary>
/// A stretch of time with one UTC offset of a zone. Inside it local time advances like UTC; gaps and overlaps are only at its
/// borders. All values are ticks; <see cref="End"/> is exclusive.
/// </summary>
internal sealed class OffsetInterval(long start, long end, long offset, long offsetBefore, long offsetAfter)
{
    internal long Start => start;

    internal long End => end;

    internal long Offset => offset;

    /// <summary>The offset of the interval before; equal to <see cref="Offset"/> when only the cached year ends.</summary>
    internal long OffsetBefore => offsetBefore;

    internal long LocalStart => start + offset;

    internal long LocalEnd => end + offset;

    /// <summary>
    /// The local time at the start, before the clock was set. Less than <see cref="LocalStart"/>: a gap. More: an overlap.
    /// </summary>
    internal long LocalBeforeStart => start + offsetBefore;

    /// <summary>The local time at the end, after the clock was set.</summary>
    internal long LocalAfterEnd => end + offsetAfter;

    internal bool BeginsWithGap => offsetBefore < offset;
}
