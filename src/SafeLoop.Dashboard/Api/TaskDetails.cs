using SafeLoop.Storage;

namespace SafeLoop.Dashboard;

/// <summary>Reads a task or a key with its details, from this host or else from the store.</summary>
internal static class TaskDetails
{
    // Longer text is not stored as it is.
    private const int LongestKey = 200;

    /// <param name="request">The request.</param>
    /// <param name="task">The name of the task.</param>
    /// <param name="key">The text of the key; null: the task.</param>
    /// <param name="handle">That of this host; null: it has none.</param>
    /// <param name="allowed">What the user may do to it.</param>
    /// <returns>Null: neither this host nor the store has the key.</returns>
    public static async Task<TaskDetail?> ReadAsync(
        ApiRequest request, string task, string? key, RecurringTaskHandle? handle, IReadOnlyList<TaskCommandKind> allowed)
    {
        if (handle is not null)
            return (await request.CreateTaskReaderAsync().ConfigureAwait(false)).ReadDetail(handle, allowed);
        return await FindStoredAsync(request, task, key).ConfigureAwait(false) is { } stored
            ? new() { Task = TaskReader.Read(stored), Upcoming = [], Records = [], Allowed = allowed }
            : null;
    }

    private static async Task<StoredLoop?> FindStoredAsync(ApiRequest request, string task, string? key)
    {
        if (key is null)
        {
            var stored = await request.Dashboard.Stored.ReadAsync(request.Aborted).ConfigureAwait(false);
            return stored.Tasks.GetValueOrDefault(task);
        }
        if (key.Length > LongestKey)
            return null;
        var page = await request.Reader.QueryLoopsAsync(new() { TaskName = task, Prefix = key, PageSize = 1 }, request.Aborted)
            .ConfigureAwait(false);
        return page.Loops.FirstOrDefault(loop => loop.Key == key);
    }
}
