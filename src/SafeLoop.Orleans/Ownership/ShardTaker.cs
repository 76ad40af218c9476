namespace SafeLoop;

/// <summary>Takes the shards that this host should own and opens them, a batch at each turn.</summary>
/// <remarks>
/// A take is one compare-and-swap and waits for no other host. A shard that another host still owns is read again when that
/// host has given it away, when its lease ends, and after a third of a lease.
/// </remarks>
internal sealed class ShardTaker(
    IShardStore store,
    IRecurringTaskShards shards,
    OwnedShards owned,
    ClusterPlanner planner,
    Quarantine quarantine,
    TimeProvider time,
    RecurringTaskClusterOptions options,
    ClusterReports reports)
{
    private readonly Dictionary<ShardId, long> _notBefore = []; // of the loop: when to read again shards that were not taken
    private volatile bool _isNotified;

    /// <summary>Called when another host has given shards away.</summary>
    public void OnNotified() => _isNotified = true;

    /// <summary>A turn of the loop.</summary>
    public async Task<long> TakeTurnAsync(CancellationToken cancellationToken)
    {
        owned.OnTaking();
        try
        {
            return await TakeAsync(planner.Create(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            owned.OnTaken();
        }
    }

    private async Task<long> TakeAsync(ClusterPlan plan, CancellationToken cancellationToken)
    {
        if (_isNotified)
        {
            _isNotified = false;
            _notBefore.Clear();
        }
        if (plan.View.Lease is not { } lease)
            return planner.ChangesAt;
        var wanted = FindWanted(plan, lease);
        quarantine.Retain(wanted.Select(static shard => shard.Id));

        var now = time.GetTimestamp();
        var batch = wanted.Where(shard => IsDue(shard.Id, now)).Take(options.OpeningBudget).ToArray();
        if (batch.Length > 0)
            await TakeAsync(plan, lease, batch, cancellationToken).ConfigureAwait(false);
        var next = wanted.Where(shard => !owned.Contains(shard.Id)).Min(shard => (long?)_notBefore.GetValueOrDefault(shard.Id));
        return Math.Min(next ?? long.MaxValue, planner.ChangesAt);
    }

    private List<Wanted> FindWanted(ClusterPlan plan, HostLease lease) =>
    [
        .. from task in shards.Tasks
           from id in plan.SharesOf(task, lease.Number)
           where !owned.Contains(id)
           select new Wanted(task, id),
    ];

    private async Task TakeAsync(ClusterPlan plan, HostLease lease, Wanted[] batch, CancellationToken cancellationToken)
    {
        var stored = (await store.ReadAsync([.. batch.Select(static shard => shard.Id)], cancellationToken).ConfigureAwait(false))
            .ToDictionary(static shard => shard.Id);
        var progress = new ProgressCache(reports);
        var takes = new List<(Wanted Shard, ShardTake Take, ShardOrigin Origin)>();
        foreach (var shard in batch)
        {
            // Loops that begin as new have no slot before now. When this host is lost before it has stored its progress, the next
            // owner goes on from here.
            if (!stored.TryGetValue(shard.Id, out var row))
                takes.Add((shard, new() { Id = shard.Id, Epoch = 0, Watermark = time.GetUtcNow() }, ShardOrigin.New));
            else if (CanTake(plan, lease, row, out var losses))
                takes.Add(Prepare(shard, row, losses, ShardOrigin.From(row, progress.Read(row))));
        }
        if (takes.Count > 0)
            await TakeAsync(plan, lease, takes, cancellationToken).ConfigureAwait(false);
        foreach (var (id, now) in batch.Select(shard => (shard.Id, time.GetTimestamp())))
        {
            if (!owned.Contains(id) && IsDue(id, now))
                Postpone(id, NextThird);
        }
    }

    private async Task TakeAsync(
        ClusterPlan plan,
        HostLease lease,
        List<(Wanted Shard, ShardTake Take, ShardOrigin Origin)> takes,
        CancellationToken cancellationToken)
    {
        var taken = await store.TakeAsync(lease.Number, [.. takes.Select(static take => take.Take)], cancellationToken)
            .ConfigureAwait(false);
        await Task.WhenAll(
            from won in taken
            join take in takes on won.Id equals take.Shard.Id
            let task = take.Shard.Task
            select OpenAsync(
                new(task, won.Id, plan.ShardOf(task, won.Id.Index), won.Epoch, lease, take.Origin)
                {
                    Losses = take.Take.Losses,
                    TakenAt = time.GetTimestamp(),
                },
                cancellationToken)).ConfigureAwait(false);
    }

    private static (Wanted, ShardTake, ShardOrigin) Prepare(Wanted shard, StoredShard row, int losses, ShardOrigin origin) =>
        (
            shard,
            new()
            {
                Id = row.Id,
                Epoch = row.Epoch,
                Watermark = origin.Watermark,
                Losses = losses,
                DropsMemory = origin.Memory is null, // an owner has run the loops since
            },
            origin);

    private bool CanTake(ClusterPlan plan, HostLease lease, StoredShard row, out int losses)
    {
        var isMine = row.Lease == lease.Number; // an answer was lost, or it could not be opened
        losses = quarantine.CountLosses(row, isMine || plan.View.IsBack(row.Lease));
        if (row.IsOwned && !isMine)
        {
            quarantine.Release(row.Id);
            if (!plan.Members.Any(member => member.Lease == row.Lease) && plan.View.Find(row.Lease) is { EndsAt: var end })
                Postpone(row.Id, Math.Min(end, NextThird)); // its owner is gone, but its lease is not yet
            return false;
        }
        var closedFor = quarantine.CloseFor(row, losses, out var isNew);
        if (closedFor == TimeSpan.Zero)
            return true;
        if (isNew)
            reports.OnQuarantined(row.Id, losses, closedFor);
        Postpone(row.Id, time.TimestampIn(closedFor));
        return false;
    }

    private async Task OpenAsync(OwnedShard shard, CancellationToken cancellationToken)
    {
        owned.Add(shard);
        try
        {
            using var limit = new CancellationTokenSource(options.LeaseLength, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await shards.OpenAsync(
                new()
                {
                    TaskName = shard.Id.Task,
                    Shard = shard.Shard,
                    Epoch = shard.Epoch,
                    Lease = shard.Lease.Local,
                    Memory = shard.Origin.Memory,
                    Watermark = shard.Origin.Watermark,
                    Exceptions = shard.Origin.Exceptions,
                },
                either.Token).ConfigureAwait(false);
            owned.MarkOpen(shard);
        }
        catch (Exception error) // keys are user code, and the other shards of the batch must open
        {
            owned.Remove(shard);
            if (shard.Lease.Local.IsValid && !cancellationToken.IsCancellationRequested)
                reports.OnNotOpened(shard.Id, error);
        }
    }

    private long NextThird => time.TimestampIn(options.LeaseLength / 3);

    private bool IsDue(ShardId shard, long now) => _notBefore.GetValueOrDefault(shard, long.MinValue) <= now;

    private void Postpone(ShardId shard, long timestamp) => _notBefore[shard] = timestamp;

    private readonly record struct Wanted(ClusterTask Task, ShardId Id);
}
