using System.Numerics;

namespace SafeLoop;

/// <summary>Counts and reports steps that block threads of the pool.</summary>
internal static class BlockedSteps
{
    public static void Report(LoopObservers observers, TaskSteps steps, TaskStep step, Iteration iteration, TimeSpan duration)
    {
        steps.AddBlocked(duration);
        // The first block is often the JIT, or a connection that is opened once. First iterations of several keys may wait for
        // the same thing. So report the 2nd, 4th, 8th … block. A step that always blocks then does not flood the log.
        var times = step.CountBlock();
        if (times == 1 || (iteration is { Keyed: not null, Number: 1 }) || !BitOperations.IsPow2(times))
            return;
        var text = TextOf(step, duration, times, isKeyed: iteration.Keyed is not null);
        observers.Fault(FaultKind.ThreadBlocked, iteration.TaskName, text, null, iteration.Keyed);
    }

    /// <summary>What to do when a step cannot await. Keyed tasks must not have a thread per key.</summary>
    public static string RemedyFor(bool isKeyed) => isKeyed ? "call Concurrency(max)" : "call OnDedicatedThread()";

    private static string TextOf(TaskStep step, TimeSpan duration, long times, bool isKeyed)
    {
        var inAll = FormattableString.Invariant($", {times:N0} times in all");
        var time = FormattableString.Invariant($"{duration.TotalMilliseconds:N0} ms");
        return $"Step '{step.Name}' blocked its thread for {time}{inAll}. "
            + $"Work that waits for a thread of the pool is late meanwhile. Await instead, or {RemedyFor(isKeyed)}.";
    }
}
