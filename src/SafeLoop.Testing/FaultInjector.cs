using System.Collections.Concurrent;

namespace SafeLoop.Testing;

/// <summary>
/// Makes chosen iterations fail, hang or be cancelled, before their first step. Faults may be set before and while the host runs.
/// </summary>
/// <remarks>
/// A fault that cannot happen makes the next advance throw, since such a test could not fail: a
/// <see cref="KeyNotFoundException"/> for a task that does not exist by then, an <see cref="ArgumentException"/> for a key of a
/// type that its task does not have, an <see cref="InvalidOperationException"/> for an iteration that has begun already.
/// </remarks>
/// <threadsafety>All members may be used from any thread.</threadsafety>
public sealed class FaultInjector
{
    private readonly ConcurrentDictionary<(string Task, long Iteration, object? Key),
        Func<IterationFlow, Action, CancellationToken, Task>> _faults = new();
    private readonly ConcurrentQueue<(string Task, long Iteration, object? Key)> _added = new();
    private volatile bool _any;

    internal FaultInjector()
    {
    }

    /// <summary>The iteration throws instead of running its steps: <see cref="IterationOutcome.Failed"/>.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="iteration">Its number, counted from 1 like <see cref="Iteration.Number"/>.</param>
    /// <param name="exception">What it throws; null: an <see cref="InvalidOperationException"/>
    /// that says it was injected.</param>
    /// <param name="key">Of a keyed task, whose iteration; null: of the key that comes first.</param>
    public void Fail(string task, long iteration, Exception? exception = null, object? key = null) =>
        Add(task, iteration, key, (_, _, _) =>
            Task.FromException(
                exception ?? new InvalidOperationException($"Injected: iteration {iteration} of '{task}' fails.")));

    /// <summary>The iteration does not end: a time limit, a lost lock or a stop has to end it.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="iteration">Its number, counted from 1.</param>
    /// <param name="ignoresToken">True: not even cancelling its token ends it, so it comes to be
    /// stuck; it lasts as long as the test.</param>
    /// <param name="key">Of a keyed task, whose iteration; null: of the key that comes first.</param>
    public void Hang(string task, long iteration, bool ignoresToken = false, object? key = null) =>
        Add(task, iteration, key, async (flow, _, token) =>
        {
            flow.IsHeld = true;
            await CancelledBy(ignoresToken ? CancellationToken.None : token).ConfigureAwait(false);
            flow.IsHeld = false;
            token.ThrowIfCancellationRequested();
        });

    /// <summary>
    /// The iteration is cancelled as if by hand, and then its steps run with the cancelled token:
    /// <see cref="IterationOutcome.Interrupted"/>.
    /// </summary>
    /// <param name="task">The task's name.</param>
    /// <param name="iteration">Its number, counted from 1.</param>
    /// <param name="key">Of a keyed task, whose iteration; null: of the key that comes first.</param>
    public void Cancel(string task, long iteration, object? key = null) =>
        Add(task, iteration, key, async (flow, cancel, token) =>
        {
            flow.IsHeld = true;
            cancel();
            await CancelledBy(token).ConfigureAwait(false);
            flow.IsHeld = false;
        });

    /// <exception cref="KeyNotFoundException">A fault was set for a task that does not exist.</exception>
    /// <exception cref="InvalidOperationException">A fault was set for an iteration that has begun already.</exception>
    /// <exception cref="ArgumentException">A fault is for a key of a type that its task does not have.</exception>
    internal void Expect(RecurringTasks tasks)
    {
        while (_added.TryDequeue(out var added))
        {
            tasks.ThrowIfUnknown(added.Task);
            KeyTypes.Expect(tasks, added.Task, added.Key);
            if (tasks.Find(added.Task)?.OwnLoop is { } task // a keyed task counts the iterations of all its keys
                && task.Snapshot().Iterations is var begun && begun >= added.Iteration
                && _faults.TryRemove(Place(added.Task, added.Iteration, added.Key), out _))
                throw new InvalidOperationException($"A fault was set for iteration {added.Iteration} of '{added.Task}', "
                    + $"which has begun already: {begun} have. Set it sooner, or for a later one.");
        }
    }

    internal Func<IterationFlow, Action, CancellationToken, Task>? Take(IterationFlow flow, object? key) =>
        _any && (_faults.TryRemove(Place(flow.Task, flow.Number, key), out var fault)
            || (key is not null && _faults.TryRemove(Place(flow.Task, flow.Number, null), out fault)))
            ? fault
            : null;

    private void Add(string task, long iteration, object? key, Func<IterationFlow, Action, CancellationToken, Task> fault)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(task);
        ArgumentOutOfRangeException.ThrowIfLessThan(iteration, 1);
        (_faults[Place(task, iteration, key)], _any) = (fault, true);
        _added.Enqueue((task, iteration, key));
    }

    private static (string Task, long Iteration, object? Key) Place(string task, long iteration, object? key) =>
        (task.ToUpperInvariant(), iteration, key);

    // Continues within the call that cancels the token. Task.Delay would continue in the thread pool.
    private static async Task CancelledBy(CancellationToken token)
    {
        var gate = new TaskCompletionSource();
        using (token.UnsafeRegister(static gate => ((TaskCompletionSource)gate!).SetResult(), gate))
            await gate.Task.ConfigureAwait(false);
    }
}
