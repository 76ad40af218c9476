namespace SafeLoop;

/// <summary>A task's choice at gaps and overlaps, knowing what <see cref="Repeat.Automatic"/> means for its expression.</summary>
internal readonly struct DaylightRule(Gap gap, Repeat repeat, bool isRhythm)
{
    internal Gap Gap => gap;

    internal bool RunsInFirstPass => repeat != Repeat.Last;

    internal bool RunsInSecondPass => repeat is Repeat.Last or Repeat.Both || (repeat is Repeat.Automatic && isRhythm);

    /// <summary>The local time from which an interval's own occurrences count.</summary>
    internal long FirstLocal(OffsetInterval interval) =>
        RunsInSecondPass ? interval.LocalStart : Math.Max(interval.LocalStart, interval.LocalBeforeStart);

    /// <summary>The local time before which an interval's own occurrences count.</summary>
    internal long EndLocal(OffsetInterval interval) =>
        RunsInFirstPass ? interval.LocalEnd : Math.Min(interval.LocalEnd, interval.LocalAfterEnd);
}
