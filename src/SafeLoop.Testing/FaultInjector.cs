using System.Collections.Concurrent;

namespace SafeLoop.Testing;

/// <summary>Makes chosen iterations fail, hang or be cancelled, in front of their first step. May be told before and while the host runs.</summary>
/// <remarks>A fault for a task that does not exist when time goes on is a <see cref="KeyNotFoundException"/> of who lets it go on: a misspelt name would be a test that cannot fail.</remarks>
/// <threadsafety>All members may be used from any thread.</threadsafety>
public sealed class FaultInjector
{
    private readonly ConcurrentDictionary<(string Task, long Iteration), Func<IterationFlow, Action, CancellationToken, Task>> _faults = new();
    private readonly ConcurrentQueue<string> _told = new();
    private volatile bool _any;

    internal FaultInjector()
    {
    }

    /// <summary>The iteration throws instead of running its steps: <see cref="IterationOutcome.Failed"/>.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="iteration">Its number, counted from 1 like <see cref="Iteration.Number"/>.</param>
    /// <param name="exception">What it throws; null: an <see cref="InvalidOperationException"/> that says it was injected.</param>
    public void Fail(string task, long iteration, Exception? exception = null) => Add(task, iteration, (_, _, _) =>
        Task.FromException(exception ?? new InvalidOperationException($"Injected: iteration {iteration} of '{task}' fails.")));

    /// <summary>The iteration does not end: a time limit, a lost lock or a stop has to end it.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="iteration">Its number, counted from 1.</param>
    /// <param name="ignoresToken">True: not even cancelling its token ends it, so it comes to be stuck; it lasts as long as the test.</param>
    public void Hang(string task, long iteration, bool ignoresToken = false) => Add(task, iteration, async (flow, _, token) =>
    {
        flow.IsHeld = true;
        await CancelledBy(ignoresToken ? CancellationToken.None : token).ConfigureAwait(false);
        flow.IsHeld = false;
        token.ThrowIfCancellationRequested();
    });

    /// <summary>The iteration is cancelled as if by hand, and then its steps run with the cancelled token: <see cref="IterationOutcome.Interrupted"/>.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="iteration">Its number, counted from 1.</param>
    public void Cancel(string task, long iteration) => Add(task, iteration, async (flow, cancel, token) =>
    {
        flow.IsHeld = true;
        cancel();
        await CancelledBy(token).ConfigureAwait(false);
        flow.IsHeld = false;
    });

    /// <exception cref="KeyNotFoundException">A fault was told for a task that does not exist.</exception>
    internal void ExpectTasks(RecurringTasks tasks)
    {
        while (_told.TryDequeue(out var task))
            tasks.Expect(task);
    }

    internal Func<IterationFlow, Action, CancellationToken, Task>? Take(IterationFlow flow) =>
        _any && _faults.TryRemove((Key(flow.Task), flow.Number), out var fault) ? fault : null;

    private void Add(string task, long iteration, Func<IterationFlow, Action, CancellationToken, Task> fault)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(task);
        ArgumentOutOfRangeException.ThrowIfLessThan(iteration, 1);
        _told.Enqueue(task);
        (_faults[(Key(task), iteration)], _any) = (fault, true);
    }

    private static string Key(string task) => task.ToUpperInvariant();

    // Goes on within the call that cancels the token; Task.Delay would go on in the thread pool.
    private static async Task CancelledBy(CancellationToken token)
    {
        var gate = new TaskCompletionSource();
        using (token.UnsafeRegister(static gate => ((TaskCompletionSource)gate!).SetResult(), gate))
            await gate.Task.ConfigureAwait(false);
    }
}
