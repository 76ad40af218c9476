using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Saves batches. One keeps its number until it is saved, because a call that has failed may have saved it.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class BatchSaver(HistoryJournal journal, StoreClient client, TimeProvider time)
{
    private long _batches;
    private (StoreBatch Batch, StoreInstance By)? _unsaved;

    /// <summary>Called when the host has connected.</summary>
    public void OnConnected() => _batches = 0;

    /// <summary>Saves what is due, or with <paramref name="isLast"/> everything.</summary>
    public async ValueTask SaveAsync(bool isLast, CancellationToken cancellationToken)
    {
        do
            await SaveUnsavedAsync(cancellationToken).ConfigureAwait(false);
        while (TryTake(isLast));
    }

    /// <summary>Saves the batch of an id under which this host was marked as lost.</summary>
    public async ValueTask SaveOfFormerIdAsync(CancellationToken cancellationToken)
    {
        if (_unsaved is not { } old || old.By == client.Instance)
            return;
        // Connecting again matters only to a database that does not know the id.
        await client.RunAsync((store, token) => store.ConnectAsync(old.By, token), cancellationToken).ConfigureAwait(false);
        await SaveUnsavedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Drops what is not saved yet of a key. Not during a call.</summary>
    public void Erase(string task, string key)
    {
        journal.Erase(task, key);
        if (_unsaved is { } unsaved)
            _unsaved = (HistoryJournal.Without(unsaved.Batch, task, key), unsaved.By);
    }

    private async ValueTask SaveUnsavedAsync(CancellationToken cancellationToken)
    {
        if (_unsaved is not { Batch: var batch })
            return;
        await client.RunAsync((store, token) => store.SaveAsync(batch, token), cancellationToken).ConfigureAwait(false);
        _unsaved = null;
    }

    private bool TryTake(bool isLast)
    {
        if (journal.TakeBatch(time.GetTimestamp(), isLast) is not { } batch)
            return false;
        _unsaved = (batch with { Instance = client.Instance.Id, Number = ++_batches }, client.Instance);
        return true;
    }
}
