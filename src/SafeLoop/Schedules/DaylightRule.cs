namespace SafeLoop;

/// <summary>
/// What a task does with skipped and repeated times, knowing what <see cref="RepeatedTime.Automatic"/> means for its expression.
/// </summary>
internal readonly struct DaylightRule(SkippedTime skipped, RepeatedTime repeated, bool isRhythm)
{
    internal SkippedTime Skipped => skipped;

    internal bool RunsInFirstPass => repeated != RepeatedTime.Last;

    internal bool RunsInSecondPass =>
        repeated is RepeatedTime.Last or RepeatedTime.Both || (repeated is RepeatedTime.Automatic && isRhythm);

    /// <summary>The local time from which an interval's own occurrences count.</summary>
    internal long FirstLocal(OffsetInterval interval) =>
        RunsInSecondPass ? interval.LocalStart : Math.Max(interval.LocalStart, interval.LocalBeforeStart);

    /// <summary>The local time before which an interval's own occurrences count.</summary>
    internal long EndLocal(OffsetInterval interval) =>
        RunsInFirstPass ? interval.LocalEnd : Math.Min(interval.LocalEnd, interval.LocalAfterEnd);
}
