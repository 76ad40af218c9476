using System.Numerics;

namespace SafeLoop;

/// <summary>Counts and reports steps that block threads of the pool.</summary>
internal static class BlockedSteps
{
    public static void Report(LoopObservers observers, TaskSteps steps, TaskStep step, Iteration iteration, TimeSpan duration)
    {
        // The 1st, 2nd, 4th, 8th … time: a step that always blocks must not flood the log.
        var times = steps.AddBlocked(duration);
        if (BitOperations.IsPow2(times))
            observers.Fault(iteration.Task, TextOf(step, duration, times, isKeyed: iteration.Keyed is not null), null, iteration.Keyed);
    }

    private static string TextOf(TaskStep step, TimeSpan duration, long times, bool isKeyed)
    {
        var inAll = times == 1 ? "" : FormattableString.Invariant($", {times:N0} times in all");
        var remedy = isKeyed ? "call Concurrency(max)" : "call OnDedicatedThread()";
        return FormattableString.Invariant($"Step '{step.Name}' blocked its thread for {duration.TotalMilliseconds:N0} ms{inAll}. ")
            + $"Work that waits for a thread of the pool is late meanwhile. Await instead, or {remedy}.";
    }
}
