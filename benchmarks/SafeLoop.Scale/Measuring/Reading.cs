using System.Diagnostics;

namespace SafeLoop.Scale.Measuring;

/// <summary>The counters of this process at one moment.</summary>
internal readonly record struct Reading(long Timestamp, TimeSpan Cpu, long Allocated, TimeSpan Paused)
{
    public static Reading Take() =>
        new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true),
            GC.GetTotalPauseDuration());
}
