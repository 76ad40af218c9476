using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>The claims and outcomes of one task that survives restarts, which the store gets in the order of the slots.</summary>
/// <param name="task">The name of the task.</param>
/// <param name="client">Calls the store.</param>
/// <param name="count">Counts the slots after an instant up to a slot, and returns the first; null: not known.</param>
internal sealed class RememberedSlots(
    string task, StoreClient client, Func<Instant, Instant, (Instant First, long Count)?> count)
{
    // Beyond this many, consecutive outcomes that are alike are folded into one.
    private const int MostSingly = 1_000;

    private readonly Lock _gate = new();
    private readonly LinkedList<HistoryEntry> _outcomes = [];
    private readonly Dictionary<DateTimeOffset, Guid> _claims = []; // made, or asked for without an answer
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>True when outcomes are to be recorded.</summary>
    public bool HasOutcomes
    {
        get
        {
            lock (_gate)
                return _outcomes.Count > 0;
        }
    }

    /// <summary>Claims a slot, after the outcomes of earlier slots have been recorded.</summary>
    /// <returns>False when another instance has claimed or recorded the slot.</returns>
    public async ValueTask<bool> TryClaimAsync(Instant slot, CancellationToken cancellationToken)
    {
        var (instance, at) = (client.Instance.Id, slot.ToDateTimeOffset());
        var claim = new SlotClaim { TaskName = task, Slot = at, Instance = instance };
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await RecordAllAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate)
                _claims[at] = instance; // before the call, whose answer may be lost
            var isOurs = await client.CallAsync((store, token) => store.TryClaimAsync(claim, token), cancellationToken)
                .ConfigureAwait(false);
            if (!isOurs)
                TakeClaim(at);
            return isOurs;
        }
        catch (Exception error) when (error is not OperationCanceledException) // the store is user code; the iteration fails
        {
            client.Report(error);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Adds an outcome to be recorded.</summary>
    public void Add(HistoryEntry entry)
    {
        lock (_gate)
        {
            var hasClaim = _claims.ContainsKey(entry.Record.Slot);
            if (!hasClaim && IsNoOutcome(entry.Record))
                return;
            if (!hasClaim && _outcomes.Count >= MostSingly && _outcomes.Last!.Value is var last && AreAlike(last, entry)
                && !_claims.ContainsKey(last.Record.Slot))
            {
                _outcomes.Last.Value = Fold(last, entry);
                return;
            }
            _outcomes.AddLast(entry);
        }
    }

    /// <summary>Records the outcomes.</summary>
    public async ValueTask RecordAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await RecordAllAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask RecordAllAsync(CancellationToken cancellationToken)
    {
        while (First() is { } entry)
        {
            var rest = await RecordAsync(entry, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _outcomes.RemoveFirst(); // only the holder of the turn removes; folding touches the last, and only unclaimed ones
                _claims.Remove(entry.Record.Slot);
                if (rest is not null)
                    _outcomes.AddFirst(rest);
            }
        }
    }

    /// <returns>What is left to record; null: nothing.</returns>
    private async ValueTask<HistoryEntry?> RecordAsync(HistoryEntry entry, CancellationToken cancellationToken)
    {
        var claimed = ClaimOf(entry.Record.Slot);
        entry = entry with { Instance = claimed ?? client.Instance.Id };
        if (claimed is not null && await CallAsync(entry, true, cancellationToken).ConfigureAwait(false) is null)
            return null;
        // Never claimed, or the answer to the claim was lost and the claim had not been made.
        if (await CallAsync(entry, false, cancellationToken).ConfigureAwait(false) is not { } last)
            return null;
        if (entry.Record.Count > 1 && last < entry.Record.Slot)
            return Rest(entry, last);
        if (claimed is not null)
            client.ReportRefused(entry);
        return null;
    }

    private ValueTask<DateTimeOffset?> CallAsync(HistoryEntry entry, bool isClaimed, CancellationToken cancellationToken) =>
        client.CallAsync((store, token) => store.RecordAsync(entry, isClaimed, token), cancellationToken);

    // Another host has recorded the first of several slots.
    private HistoryEntry? Rest(HistoryEntry entry, DateTimeOffset last) =>
        count(last, entry.Record.Slot) is not { Count: > 0 } rest ? null : entry with
        {
            Record = entry.Record with { Count = rest.Count },
            FirstSlot = rest.First.ToDateTimeOffset(),
        };

    private HistoryEntry? First()
    {
        lock (_gate)
            return _outcomes.First?.Value;
    }

    private Guid? ClaimOf(DateTimeOffset slot)
    {
        lock (_gate)
            return _claims.TryGetValue(slot, out var instance) ? instance : null;
    }

    private void TakeClaim(DateTimeOffset slot)
    {
        lock (_gate)
            _claims.Remove(slot);
    }

    // Another host has the outcome, or will have it: the slot is not this host's, or comes due again after the restart.
    private static bool IsNoOutcome(in IterationRecord record) =>
        record.Reason is OutcomeReason.AlreadyRun || record is { Reason: OutcomeReason.HostStopping, Number: 0 };

    private static bool AreAlike(HistoryEntry one, HistoryEntry other) =>
        (one.Record.Outcome, one.Record.Reason, one.ErrorType, one.Record.IsManual)
            == (other.Record.Outcome, other.Record.Reason, other.ErrorType, other.Record.IsManual);

    private static HistoryEntry Fold(HistoryEntry one, HistoryEntry other) => other with
    {
        FirstSlot = one.FirstSlot ?? one.Record.Slot,
        Record = other.Record with { Count = one.Record.Count + other.Record.Count },
    };
}
