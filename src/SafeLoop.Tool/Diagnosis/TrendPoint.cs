namespace SafeLoop.Tool;

/// <summary>The memory counters of a process at one moment.</summary>
/// <param name="At">When.</param>
/// <param name="HeapUsed">Bytes on the heap, garbage that has not been collected included.</param>
/// <param name="GcPauseRatio">Which part of the time it stood still for collections, 0 to 1.</param>
/// <param name="Gen2Collections">Full collections since the watch began.</param>
internal sealed record TrendPoint(DateTimeOffset At, long HeapUsed, double GcPauseRatio, long Gen2Collections);
