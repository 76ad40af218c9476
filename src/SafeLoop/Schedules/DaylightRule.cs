namespace SafeLoop;

/// <summary>
/// Decides what a task does with skipped and repeated times. Resolves <see cref="RepeatedTime.Automatic"/> for its expression.
/// </summary>
internal readonly struct DaylightRule(SkippedTime skipped, RepeatedTime repeated, bool isRhythm)
{
    internal SkippedTime Skipped => skipped;

    internal bool RunsInFirstPass => repeated != RepeatedTime.Last;

    internal bool RunsInSecondPass =>
        repeated is RepeatedTime.Last or RepeatedTime.Both || (repeated is RepeatedTime.Automatic && isRhythm);

    /// <summary>The local time at which the regular occurrences of an interval begin, inclusive.</summary>
    internal long FirstLocal(OffsetInterval interval) =>
        RunsInSecondPass ? interval.LocalStart : Math.Max(interval.LocalStart, interval.LocalBeforeStart);

    /// <summary>The local time at which the regular occurrences of an interval end, exclusive.</summary>
    internal long EndLocal(OffsetInterval interval) =>
        RunsInFirstPass ? interval.LocalEnd : Math.Min(interval.LocalEnd, interval.LocalAfterEnd);
}
