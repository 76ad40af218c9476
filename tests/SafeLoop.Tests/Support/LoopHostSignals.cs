namespace SafeLoop.Tests;

/// <summary>What a test does to a step that waits for it.</summary>
internal static class LoopHostSignals
{
    /// <summary>Does it where continuations run at once: the test runner's own context would take them elsewhere.</summary>
    public static void Do(this LoopHost host, Action act)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            act();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
        host.Settle();
    }

    /// <summary>Ends what a step waits for, and runs what follows from it.</summary>
    public static void Release(this LoopHost host, TaskCompletionSource gate) => host.Do(gate.SetResult);

    /// <summary>How slots ended, in order, without anything else.</summary>
    public static IEnumerable<IterationOutcome> Outcomes(this LoopHost host, string? task = null) =>
        host.Records(task).Select(record => record.Outcome);

    /// <summary>The texts of the published faults, in order.</summary>
    public static IEnumerable<string?> Faults(this LoopHost host) => host.Observer.Of(LoopEventKind.Fault).Select(e => e.Text);

    /// <summary>Runs a task by hand and advances the clock by a span, within which the run must end.</summary>
    public static IterationRecord Run(this LoopHost host, string task, TimeSpan span = default)
    {
        var run = host[task].RunNowAsync();
        host.Advance(span);
        return run.Answer();
    }

    /// <summary>The result, which may still be on its way through the thread pool.</summary>
    public static T Answer<T>(this Task<T> task)
    {
        Assert.True(task.Wait(ThreadedLoopHost.Patience), "There was no answer.");
        return task.Result;
    }

    /// <summary>Why the loop has ended; it must have.</summary>
    public static LoopEnd EndOf(this LoopHost host, string task)
    {
        Assert.True(host[task].Completion.IsCompleted, $"'{task}' has not ended.");
        return host[task].Completion.Result;
    }

    /// <summary>
    /// Waits for an event that comes by way of the thread pool, where a library goes on that knows no virtual thread.
    /// </summary>
    public static void WaitFor(this LoopHost host, LoopEventKind kind, int count = 1) => host.Wait(Task.Run(() =>
    {
        var seen = SpinWait.SpinUntil(() => host.Observer.Of(kind).Count >= count, ThreadedLoopHost.Patience);
        Assert.True(seen, $"No {count} × {kind}.");
    }));
}
