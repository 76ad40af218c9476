using System.Collections.Concurrent;

namespace Targets;

/// <summary>
/// The step each iteration takes: it is really asynchronous, and parks the program once it has taken as many as were asked for.
/// </summary>
internal sealed class Work(int count)
{
    private int _left = count;
    private readonly ConcurrentBag<TaskCompletionSource> _waited = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count { get; } = count;

    public bool HasTakenAll => Volatile.Read(ref _left) <= 0;

    public Task StepAsync() => Interlocked.Decrement(ref _left) > 0 ? YieldAsync() : ParkAsync();

    /// <summary>Several steps at once; waits for ever. Ready when all have been taken.</summary>
    public Task StepsAsync(int steps)
    {
        // Held here: a chain that waits for what nothing holds is garbage.
        var never = new TaskCompletionSource();
        _waited.Add(never);
        if (Interlocked.Add(ref _left, -steps) <= 0)
            ReadyWhenIdle();
        return never.Task;
    }

    /// <summary>For programs that know by themselves when they are ready.</summary>
    public static void Ready() => Console.Out.WriteLine("ready");

    public void More(int iterations)
    {
        _left = iterations;
        var parked = Interlocked.Exchange(ref _more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        parked.SetResult();
    }

    private static async Task YieldAsync() => await Task.Yield();

    /// <summary>
    /// Prints "ready" when no thread of the pool is at work any more. Only then is every method that awaits a step suspended.
    /// </summary>
    public static void ReadyWhenIdle() => new Thread(() =>
    {
        SpinWait.SpinUntil(IsIdle);
        Ready();
    }) { IsBackground = true }.Start();

    /// <summary>
    /// Nothing is queued, nothing runs, and nothing has run while that was asked: work may pass
    /// from the one to the other in between.
    /// </summary>
    private static bool IsIdle()
    {
        var completed = ThreadPool.CompletedWorkItemCount;
        if (ThreadPool.PendingWorkItemCount != 0)
            return false;

        ThreadPool.GetAvailableThreads(out var available, out _);
        ThreadPool.GetMaxThreads(out var most, out _);
        return available == most && ThreadPool.PendingWorkItemCount == 0 && ThreadPool.CompletedWorkItemCount == completed;
    }

    private async Task ParkAsync()
    {
        var more = _more.Task;
        ReadyWhenIdle();
        await more;
    }
}
