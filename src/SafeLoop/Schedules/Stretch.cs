namespace SafeLoop;

/// <summary>A stretch of time that is excluded or is not, as ticks.</summary>
/// <param name="IsExcluded">Which of the two.</param>
/// <param name="Start">The first tick; known only when it is excluded.</param>
/// <param name="End">The tick after the last. The next stretch may be of the same kind.</param>
internal readonly record struct Stretch(bool IsExcluded, long Start, long End);
