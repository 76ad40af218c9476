using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Decides together with the other hosts which of them runs which shard: each shard runs on exactly one.</summary>
/// <remarks>
/// <code>
///   renewal ──► the lease, the members ─┐
///   Orleans ──► who is active ──────────┴─► plan ──┬─► giver: closes what others should own, and gives it away
///                                                  └─► taker: takes what this host should own, and opens it
/// </code>
/// <para>
/// Three loops, so that a renewal never waits for a shard that closes or opens slowly, and a take never waits for another host.
/// Hosts may have different plans for a moment. The compare-and-swap of the store and the lease keep a shard on one host.
/// </para>
/// </remarks>
/// <threadsafety>All members may be used from any thread.</threadsafety>
internal sealed class ClusterCoordinator
{
    private const int AttemptsPerLease = 10; // of what has failed

    private readonly IClusterMembership _membership;
    private readonly IRecurringTaskShards _shards;
    private readonly RecurringTaskClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly ClusterReports _reports;
    private readonly OwnedShards _owned = new();
    private readonly Quarantine _quarantine;
    private readonly ClusterPlanner _planner;
    private readonly LeaseRenewal _renewal;
    private readonly ShardTaker _taker;
    private readonly ClusterLoop _renewing, _giving, _taking;

    public ClusterCoordinator(
        IShardStore store,
        IClusterMembership membership,
        IMemberLink link,
        IRecurringTaskShards shards,
        Pacemaker pacemaker,
        RecurringTaskClusterOptions options,
        ILogger logger)
    {
        (_membership, _shards, _options, _time) = (membership, shards, options, pacemaker.Time);
        var timed = new TimedShardStore(store, _time, options.LeaseLength / 3);
        _reports = new(logger, _time, membership);
        _quarantine = new(options);
        _renewal = new(timed, membership, shards, _owned, _time, options, _reports) { OnAnswered = WakeMovers, OnLost = WakeAll };
        _planner = new(membership, _renewal, _time, options);
        _taker = new(timed, shards, _owned, _planner, _quarantine, _time, options, _reports);
        var giver = new ShardGiver(timed, link, shards, _owned, _planner, () => _renewal.IsLeaving, _time, options);
        var retryAfter = options.LeaseLength / AttemptsPerLease;
        _renewing = new(pacemaker, _renewal.TakeTurnAsync, retryAfter, _reports);
        _giving = new(pacemaker, giver.TakeTurnAsync, retryAfter, _reports);
        _taking = new(pacemaker, TakeAsync, retryAfter, _reports);
    }

    /// <summary>The live members, as this host sees them. Empty while it has no lease.</summary>
    public IReadOnlyList<ClusterMember> Members => [.. _planner.Create().Members.Select(Describe)];

    /// <summary>The number of shards that this host owns.</summary>
    public int Owned => _owned.Count;

    /// <summary>What is wrong with the cluster, as a sentence; null: nothing.</summary>
    public string? Problem => _reports.Problem;

    /// <summary>The shards in quarantine, with the number of their lost owners.</summary>
    public IReadOnlyDictionary<ShardId, int> Quarantined => _quarantine.Closed;

    /// <summary>The member that should own a shard, by the plan of this host; null: there is none.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="index">Which of its shards it is; 0 for an ordinary task.</param>
    public ClusterMember? OwnerOf(string task, int index)
    {
        var plan = _planner.Create();
        var known = plan.Members.SelectMany(static member => member.Details.Tasks).FirstOrDefault(known => known.Name == task);
        return known is not null && plan.OwnerOf(known, index) is { } owner ? Describe(owner) : null;
    }

    /// <summary>Joins the cluster. When the store does not answer, joins as soon as it does.</summary>
    /// <exception cref="InvalidOperationException">The cluster refuses this host.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await TryJoinAsync(cancellationToken).ConfigureAwait(false) is { } refusal)
            throw new InvalidOperationException(refusal);
        _membership.Changed += WakeAll;
        _renewing.Start();
        _giving.Start();
        _taking.Start();
    }

    /// <summary>Hands all shards over and leaves the cluster, before the loops of this host stop.</summary>
    /// <param name="cancellationToken">Cancelled: does not wait. The lease then ends by itself.</param>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _membership.Changed -= WakeAll;
        await Task.WhenAll(_taking.StopAsync(), _giving.StopAsync(), _renewing.StopAsync()).ConfigureAwait(false);
        try
        {
            await _renewal.LeaveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) // the lease ends by itself
        {
            _reports.OnFailed(error);
        }
    }

    /// <summary>Gives all shards away and takes none until <see cref="Resume"/>.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        SetLeaving(true);
        await _owned.WaitUntilEmptyAsync(cancellationToken).ConfigureAwait(false);
        _reports.OnDrained();
    }

    /// <summary>Takes shards again after <see cref="DrainAsync"/>.</summary>
    public void Resume() => SetLeaving(false);

    /// <summary>Another host has given shards away. Looks who the members are now, and at the shards.</summary>
    public void OnNotified()
    {
        _taker.OnNotified();
        _renewal.Request();
        WakeAll();
    }

    private void SetLeaving(bool isLeaving)
    {
        _renewal.IsLeaving = isLeaving;
        _renewal.Request();
        WakeAll();
    }

    private async Task<string?> TryJoinAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _renewal.JoinAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            _reports.OnFailed(error); // the store may work in a moment, and other tasks of this host need not wait
            return null;
        }
    }

    // What was opened while this host began to leave must be given away, too.
    private async Task<long> TakeAsync(CancellationToken cancellationToken)
    {
        var next = await _taker.TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        _giving.Wake();
        return next;
    }

    private void WakeAll()
    {
        _renewing.Wake();
        WakeMovers();
    }

    private void WakeMovers()
    {
        _giving.Wake();
        _taking.Wake();
    }

    private ClusterMember Describe(Member member) => new()
    {
        Name = member.Name,
        Address = member.Details.Address,
        IsThisHost = member.Lease == _renewal.View.Lease?.Number,
        IsLeaving = member.IsLeaving,
        Tasks = [.. member.Details.Tasks.Select(static task => task.Name)],
    };
}
