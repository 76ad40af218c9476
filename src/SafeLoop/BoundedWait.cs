namespace SafeLoop;

/// <summary>
/// Waits for a task that may be given up. Such a task may fail later, when no code awaits it. Its exception is then not reported
/// as unobserved, because the end of the wait was reported.
/// </summary>
internal static class BoundedWait
{
    /// <summary>As <c>WaitAsync</c>.</summary>
    public static Task<T> WaitOrGiveUpAsync<T>(
        this Task<T> task, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        Observe(task);
        return task.WaitAsync(limit, time, cancellationToken);
    }

    /// <summary>As <c>WaitAsync</c>.</summary>
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
