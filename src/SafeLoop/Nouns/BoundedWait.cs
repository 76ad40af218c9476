namespace SafeLoop;

/// <summary>
/// Waits for a task and may stop waiting before it ends. When the task fails after that, its exception is not raised as an
/// unobserved task exception, because the end of the wait was reported.
/// </summary>
internal static class BoundedWait
{
    /// <summary>Like <c>Task.WaitAsync</c> with a time limit.</summary>
    public static Task<T> WaitOrGiveUpAsync<T>(
        this Task<T> task, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        Observe(task);
        return task.WaitAsync(limit, time, cancellationToken);
    }

    /// <summary>Like <c>Task.WaitAsync</c>.</summary>
    public static Task<T> WaitOrGiveUpAsync<T>(this Task<T> task, CancellationToken cancellationToken)
    {
        Observe(task);
        return task.WaitAsync(cancellationToken);
    }

    private static void Observe(Task task)
    {
        if (!task.IsCompleted)
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => _ = task.Exception);
    }
}
