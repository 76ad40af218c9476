namespace SafeLoop;

/// <summary>Closes the shards that another host should own and gives them away, with the state of their loops.</summary>
/// <remarks>
/// The state travels through the store, in the same compare-and-swap that gives the shard away. So it can neither be lost nor be
/// used twice, and it outlives the last host.
/// </remarks>
internal sealed class ShardGiver(
    IShardStore store,
    ExceptionSaver exceptional,
    MemberNotices notices,
    IRecurringTaskShards shards,
    OwnedShards owned,
    ClusterPlanner planner,
    LeaseRenewal renewal,
    Quarantine quarantine,
    TimeProvider time,
    RecurringTaskClusterOptions options)
{
    // An iteration that ignores its cancellation for longer goes on while the next owner runs the loop, with a greater token.
    private static readonly TimeSpan TimeToObey = TimeSpan.FromSeconds(1);

    private readonly List<Handover> _handovers = []; // of the loop: closed here, and not yet given away in the store

    /// <summary>A turn of the loop.</summary>
    public async Task<long> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await GiveAsync(cancellationToken).ConfigureAwait(false); // first those that an earlier turn could not give away
        while (FindLeaving(planner.Create()) is { Length: > 0 } batch)
        {
            var closed = await Task.WhenAll(batch.Select(shard => CloseAsync(shard, cancellationToken))).ConfigureAwait(false);
            _handovers.AddRange(closed);
            await GiveAsync(cancellationToken).ConfigureAwait(false);
        }
        return planner.ChangesAt;
    }

    private OwnedShard[] FindLeaving(ClusterPlan plan) => plan.View.Lease is not { } lease ? [] :
    [
        .. owned.Open.Where(shard => shard.Lease == lease
                && (renewal.IsLeaving || (plan.OwnerOf(shard.Task, shard.Id.Index) is { } owner && owner.Lease != lease.Number)))
            .Take(renewal.IsLeaving ? int.MaxValue : options.OpeningBudget), // or long steps would drain batch after batch
    ];

    private async Task<Handover> CloseAsync(OwnedShard shard, CancellationToken cancellationToken)
    {
        var exceptions = shard.Exceptions == shard.StoredExceptions ? null : exceptional.TryWrite(shard);
        owned.MarkClosed(shard);
        byte[]? memory = null;
        try
        {
            using var limit = new CancellationTokenSource(options.DrainFor + TimeToObey, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            memory = await shards.CloseAsync(shard.Id.Task, shard.Shard, options.DrainFor, either.Token).ConfigureAwait(false);
        }
        catch (InvalidOperationException) // it was lost meanwhile; the next owner goes on at the watermark
        {
        }
        catch (Exception error) // its loops may still run, so it must not be given away while the lease is valid
        {
            shard.Lease.Local.Lose($"A shard could not be closed: {error.Message}");
        }
        return new(
            shard,
            new()
            {
                Id = shard.Id,
                Epoch = shard.Epoch,
                Memory = memory,
                Watermark = shard.Watermark,
                Exceptions = exceptions,
                Losses = quarantine.CountOfGiven(shard.Losses, time.GetElapsedTime(shard.TakenAt)),
            });
    }

    // A shard that the store refuses was given away by a call whose answer was lost, or another host has taken it.
    private async Task GiveAsync(CancellationToken cancellationToken)
    {
        var batches = _handovers.GroupBy(static shard => shard.Owned.Lease.Number)
            .SelectMany(lease => lease.Chunk(options.OpeningBudget)).ToArray();
        foreach (var given in batches)
        {
            var states = given.Select(static shard => shard.State).ToArray();
            await store.GiveAsync(given[0].Owned.Lease.Number, states, cancellationToken).ConfigureAwait(false);
            _handovers.RemoveAll(given.Contains);
            await NotifyAsync(given, cancellationToken).ConfigureAwait(false); // first: a host that stops waits for what follows
            foreach (var shard in given)
                owned.Remove(shard.Owned);
        }
    }

    private Task NotifyAsync(IEnumerable<Handover> given, CancellationToken cancellationToken)
    {
        var plan = planner.Create();
        return notices.SendAsync(
            given.Select(shard => plan.OwnerOf(shard.Owned.Task, shard.Owned.Id.Index)).OfType<Member>(), cancellationToken);
    }

    private sealed record Handover(OwnedShard Owned, ShardState State);
}
