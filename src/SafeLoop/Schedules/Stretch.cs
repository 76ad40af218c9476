namespace SafeLoop;

/// <summary>A stretch of time that is excluded or not excluded, in ticks.</summary>
/// <param name="IsExcluded">True when the stretch is excluded.</param>
/// <param name="Start">The first tick; valid only when the stretch is excluded.</param>
/// <param name="End">The end, exclusive. The next stretch may be of the same kind.</param>
internal readonly record struct Stretch(bool IsExcluded, long Start, long End);
