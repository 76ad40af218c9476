using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>
/// The claims and outcomes of one loop of a task with <c>SurviveRestarts</c>. The store gets them in the order of the slots.
/// </summary>
/// <param name="task">The name of the task.</param>
/// <param name="key">The text of the key; null for an ordinary task.</param>
/// <param name="client">Calls the store.</param>
/// <param name="missing">Finds the slots without an outcome.</param>
internal sealed class RememberedSlots(string task, string? key, StoreClient client, MissingSlots missing)
{
    // Beyond this many, consecutive outcomes that are alike are folded into one.
    private const int MostUnfolded = 1_000;

    private readonly Lock _gate = new();
    private readonly LinkedList<HistoryEntry> _outcomes = []; // in the order of their slots
    private readonly SortedSet<DateTimeOffset> _reserved = []; // wait for their run
    private readonly Dictionary<DateTimeOffset, (Guid Instance, bool IsMade)> _claims = []; // IsMade: the call has succeeded
    private readonly SemaphoreSlim _turn = new(1, 1);
    private HistoryEntry? _recording;
    private DateTimeOffset? _beganAfter;

    /// <summary>The name of the task.</summary>
    public string TaskName => task;

    /// <summary>The text of the key; null for an ordinary task.</summary>
    public string? Key => key;

    /// <summary>True when no outcome, run or claim is pending.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _outcomes.Count == 0 && _reserved.Count == 0 && _claims.Count == 0;
        }
    }

    /// <summary>True when outcomes are to be recorded.</summary>
    public bool HasOutcomes
    {
        get
        {
            lock (_gate)
                return Recordable() is not null;
        }
    }

    /// <summary>
    /// Called when the schedule begins with this host. Until its first claim or outcome, another host whose clock is behind may
    /// begin earlier: the slots between have no other host.
    /// </summary>
    /// <param name="last">The last slot that is stored; null: none.</param>
    public void OnBeginning(DateTimeOffset? last)
    {
        lock (_gate)
            _beganAfter = last ?? DateTimeOffset.MinValue;
    }

    /// <summary>
    /// Notes that a slot waits for its run. Outcomes of later slots wait until it is claimed or has an outcome.
    /// </summary>
    public void Reserve(Instant slot)
    {
        lock (_gate)
            _reserved.Add(slot.ToDateTimeOffset());
    }

    /// <summary>Claims a slot, after the outcomes of earlier slots have been recorded.</summary>
    /// <returns>False when another instance has claimed or recorded the slot.</returns>
    public async ValueTask<bool> TryClaimAsync(Instant slot, CancellationToken cancellationToken)
    {
        var (instance, at) = (client.Instance.Id, slot.ToDateTimeOffset());
        var claim = new SlotClaim { TaskName = task, Key = key, Slot = at, Instance = instance };
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await RecordAllAsync(cancellationToken).ConfigureAwait(false);
            await RecordBeforeAsync(at, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _claims[at] = (instance, IsMade: false); // before the call, whose result may be lost
                _reserved.Remove(at);
            }
            var isOurs = await client.CallAsync((store, token) => store.TryClaimAsync(claim, token), cancellationToken)
                .ConfigureAwait(false);
            SetClaim(at, isOurs ? instance : null);
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

    /// <summary>True when the slot was claimed, or may have been: the result of the call is unknown.</summary>
    public bool HasClaim(DateTimeOffset slot) => ClaimOf(slot) is not null;

    /// <summary>Adds an outcome to be recorded.</summary>
    public void Add(HistoryEntry entry)
    {
        lock (_gate)
        {
            var (slot, hasClaim) = (entry.Record.Slot, _claims.ContainsKey(entry.Record.Slot));
            _reserved.Remove(slot);
            if (!hasClaim && IsLeftToOtherHost(entry.Record) && !(_outcomes.Last?.Value.Record.Slot > slot))
                return;
            if (!hasClaim && TryFold(entry))
                return;
            var before = _outcomes.Last;
            while (before is not null && before.Value.Record.Slot > slot)
                before = before.Previous;
            if (before is null)
                _outcomes.AddFirst(entry);
            else
                _outcomes.AddAfter(before, entry);
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
        while (BeginNext() is { } entry)
        {
            await RecordBeforeAsync(entry.FirstSlot ?? entry.Record.Slot, cancellationToken).ConfigureAwait(false);
            var rest = await RecordAsync(entry, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _outcomes.Remove(entry); // not the first any more when the outcome of an earlier slot was added meanwhile
                _claims.Remove(entry.Record.Slot);
                if (rest is not null)
                    _outcomes.AddFirst(rest);
            }
        }
    }

    // Records the slots before the first one of this host that came due after another host had begun.
    private async ValueTask RecordBeforeAsync(DateTimeOffset first, CancellationToken cancellationToken)
    {
        DateTimeOffset? began;
        lock (_gate)
            began = _beganAfter;
        if (began is null)
            return;
        // The store refuses it, because the slot is not claimed, and returns the last slot.
        var entry = missing.Skipped(first) with { Instance = client.Instance.Id };
        if (await CallAsync(entry, isClaimed: true, cancellationToken).ConfigureAwait(false) is { } last && last > began)
        {
            for (var before = missing.Between(last, first); before is not null;)
                before = await RecordAsync(before, cancellationToken).ConfigureAwait(false);
        }
        lock (_gate)
            _beganAfter = null;
    }

    /// <returns>What is left to record; null: nothing.</returns>
    private async ValueTask<HistoryEntry?> RecordAsync(HistoryEntry entry, CancellationToken cancellationToken)
    {
        var claimed = ClaimOf(entry.Record.Slot);
        entry = entry with { Instance = claimed?.Instance ?? client.Instance.Id };
        if (claimed is not null && await CallAsync(entry, isClaimed: true, cancellationToken).ConfigureAwait(false) is null)
            return null;
        // Never claimed, or the result of the claim was lost and the claim had not been made.
        if (await CallAsync(entry, isClaimed: false, cancellationToken).ConfigureAwait(false) is not { } last)
            return null;
        if (entry.Record.Count > 1 && last < entry.Record.Slot)
            return missing.Rest(entry, last);
        // The claim may have been on its way to a server that was frozen, and was made between the two calls.
        // Where it was not made, the step has not run, and another host has the slot.
        if (claimed is { } claim && await CallAsync(entry, isClaimed: true, cancellationToken).ConfigureAwait(false) is not null
            && claim.IsMade)
            client.ReportRefused(entry);
        return null;
    }

    private ValueTask<DateTimeOffset?> CallAsync(HistoryEntry entry, bool isClaimed, CancellationToken cancellationToken) =>
        client.CallAsync((store, token) => store.RecordAsync(entry, isClaimed, token), cancellationToken);

    private HistoryEntry? BeginNext()
    {
        lock (_gate)
            return _recording = Recordable();
    }

    // Null while an earlier slot waits for its run: the store takes slots in order only.
    private HistoryEntry? Recordable() =>
        _outcomes.First?.Value is { } first && !(_reserved.Count > 0 && _reserved.Min < first.Record.Slot) ? first : null;

    private bool TryFold(HistoryEntry entry)
    {
        if (_outcomes.Count < MostUnfolded)
            return false;
        var last = _outcomes.Last!.Value;
        if (last == _recording || last.Record.Slot > entry.Record.Slot || !AreAlike(last, entry)
            || _claims.ContainsKey(last.Record.Slot))
            return false;
        _outcomes.Last.Value = Fold(last, entry);
        return true;
    }

    private (Guid Instance, bool IsMade)? ClaimOf(DateTimeOffset slot)
    {
        lock (_gate)
            return _claims.TryGetValue(slot, out var claim) ? claim : null;
    }

    private void SetClaim(DateTimeOffset slot, Guid? made)
    {
        lock (_gate)
        {
            _claims.Remove(slot);
            if (made is { } instance)
                _claims[slot] = (instance, IsMade: true);
        }
    }

    // The slot belongs to another host, or is planned again after the restart.
    private static bool IsLeftToOtherHost(in IterationRecord record) =>
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
