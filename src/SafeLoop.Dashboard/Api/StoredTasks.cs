using SafeLoop.Storage;

namespace SafeLoop.Dashboard;

/// <summary>
/// What the store has of all tasks. Read when it is needed, and at most every two seconds for all viewers of this process.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StoredTasks(IRecurringTaskReader reader, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task<Snapshot>? _reading;
    private long _readAt;

    /// <summary>Reads what is stored of all tasks. Never throws: a page without the store is better than none.</summary>
    public async Task<Snapshot> ReadAsync(CancellationToken cancellationToken)
    {
        Task<Snapshot> reading;
        lock (_gate)
        {
            var isOld = _reading is null || (_reading.IsCompleted && time.GetElapsedTime(_readAt) >= Fresh);
            if (isOld)
                (_reading, _readAt) = (Task.Run(ReadAllAsync, CancellationToken.None), time.GetTimestamp());
            reading = _reading!;
        }
        return await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // Not with the token of a request: other requests wait for the same answer.
    private async Task<Snapshot> ReadAllAsync()
    {
        var tasks = new Dictionary<string, StoredLoop>(StringComparer.OrdinalIgnoreCase);
        try
        {
            await foreach (var loop in LoopPages.ReadAsync(reader, CancellationToken.None).ConfigureAwait(false))
                tasks[loop.TaskName] = loop with { Change = OptionSecrets.Hide(loop.Change) };
            return new(tasks, null);
        }
        catch (Exception) // a store may throw anything; its own log says what
        {
            return new(tasks, "The store did not answer, so only what this host knows is shown.");
        }
    }

    /// <summary>What the store has.</summary>
    /// <param name="Tasks">The tasks, by their names.</param>
    /// <param name="Problem">Why something is missing, as a sentence; null: nothing is.</param>
    public sealed record Snapshot(IReadOnlyDictionary<string, StoredLoop> Tasks, string? Problem);
}
