using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Decides together with the other hosts which of them runs which shard: each shard runs on exactly one.</summary>
/// <remarks>
/// <code>
///   renewal ──► the lease, the members ─┐
///   Orleans ──► who is active ──────────┴─► plan ──┬─► giver: closes what others should own, and gives it away
///                                                  ├─► taker: takes what this host should own, and opens it
///                                                  └─► saver: stores which keys are paused, have ended or were added
/// </code>
/// <para>
/// A loop for each, so that a renewal never waits for a shard that closes or opens slowly, and a take never waits for another
/// host.
/// Hosts may have different plans for a moment. The compare-and-swap of the store and the lease keep a shard on one host.
/// </para>
/// </remarks>
/// <threadsafety>All members may be used from any thread.</threadsafety>
internal sealed class ClusterCoordinator : IShardCoordinator
{
    private const int AttemptsPerLease = 10; // of what has failed

    private readonly Lock _gate = new();
    private readonly IClusterMembership _membership;
    private readonly ClusterReports _reports;
    private readonly OwnedShards _owned = new();
    private readonly Quarantine _quarantine;
    private readonly ClusterPlanner _planner;
    private readonly LeaseRenewal _renewal;
    private readonly ShardTaker _taker;
    private readonly ClusterLoop _renewing, _giving, _taking, _saving;
    private CancellationTokenSource _rejoined = new(); // cancelled and replaced with each rejoin
    private Task? _stopped;

    public ClusterCoordinator(
        IShardStore store,
        IClusterMembership membership,
        IMemberLink link,
        IRecurringTaskShards shards,
        Pacemaker pacemaker,
        RecurringTaskClusterOptions options,
        ILogger logger)
    {
        (_membership, Options) = (membership, options);
        var (time, retryAfter) = (pacemaker.Time, options.LeaseLength / AttemptsPerLease);
        var timed = new TimedShardStore(store, time, options.LeaseLength / 3);
        var notices = new MemberNotices(link, time, retryAfter);
        (_reports, _quarantine) = (new(logger, time, membership), new(options));
        _renewal = new(timed, membership, shards, _owned, time, options, _reports)
        {
            OnAnswered = WakeMovers,
            OnLost = WakeAll,
            OnJoined = others => _ = notices.SendAsync(others, CancellationToken.None),
        };
        _planner = new(membership, _renewal, time, options);
        _taker = new(timed, shards, _owned, _planner, _quarantine, time, options, _reports);
        var saver = new ExceptionSaver(timed, shards, _owned, options);
        var giver = new ShardGiver(
            timed, saver, notices, shards, _owned, _planner, _renewal, _quarantine, time, options);
        _renewing = new(pacemaker, _renewal.TakeTurnAsync, retryAfter, _reports);
        _giving = new(pacemaker, giver.TakeTurnAsync, retryAfter, _reports);
        _taking = new(pacemaker, TakeAsync, retryAfter, _reports);
        _saving = new(pacemaker, saver.TakeTurnAsync, retryAfter, _reports);
    }

    public RecurringTaskClusterOptions Options { get; }

    /// <summary>Who should own which shard, as this host sees it now.</summary>
    public ClusterPlan Plan => _planner.Create();

    /// <summary>The number of shards that this host owns.</summary>
    public int Owned => _owned.Count;

    /// <summary>What is wrong with the cluster, as a sentence; null: nothing.</summary>
    public string? Problem => _reports.Problem;

    /// <summary>The shards in quarantine, with the number of their lost owners.</summary>
    public IReadOnlyDictionary<ShardId, int> Quarantined => _quarantine.Closed;

    /// <inheritdoc/>
    /// <remarks>When the store does not answer, the host joins as soon as it does.</remarks>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await TryJoinAsync(cancellationToken).ConfigureAwait(false) is { } refusal)
            throw new InvalidOperationException(refusal);
        _membership.Changed += WakeAll;
        _renewing.Start();
        _giving.Start();
        _taking.Start();
        _saving.Start();
    }

    /// <inheritdoc/>
    /// <remarks>Cancelled, it does not wait. The lease then ends by itself.</remarks>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource stopped;
        lock (_gate)
        {
            if (_stopped is { } before)
                return before.WaitAsync(cancellationToken);
            _stopped = (stopped = new()).Task;
        }
        return StopAsync(stopped, cancellationToken);
    }

    /// <inheritdoc/>
    public void Abandon()
    {
        _renewal.Lose("The host is disposed.");
        _ = StopAsync(new CancellationToken(canceled: true));
    }

    /// <summary>Gives all shards away and takes none until <see cref="Rejoin"/>.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or ended by <see cref="Rejoin"/>.</exception>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        CancellationToken rejoined;
        lock (_gate)
        {
            rejoined = _rejoined.Token;
            _renewal.IsLeaving = true;
        }
        RenewNow();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(rejoined, cancellationToken);
        try
        {
            await _owned.WaitUntilEmptyAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The host takes loops again: RejoinAsync was called before it was drained.");
        }
        _reports.OnDrained();
    }

    /// <summary>Takes shards again after <see cref="DrainAsync"/>. Does nothing when the host stops.</summary>
    public void Rejoin()
    {
        CancellationTokenSource rejoined;
        lock (_gate)
        {
            if (_stopped is not null)
                return;
            (rejoined, _rejoined) = (_rejoined, new());
            _renewal.IsLeaving = false;
        }
        RenewNow();
        rejoined.Cancel(); // outside of the lock, because what waits goes on within this call
    }

    /// <summary>Called when another host has given shards away. Renews, to read the members, and then reads the shards.</summary>
    public void OnNotified()
    {
        _taker.OnNotified();
        _renewal.Request();
        WakeAll();
    }

    private async Task StopAsync(TaskCompletionSource stopped, CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _membership.Changed -= WakeAll;
        await Task.WhenAll(_taking.StopAsync(), _giving.StopAsync(), _saving.StopAsync(), _renewing.StopAsync())
            .ConfigureAwait(false);
        try
        {
            await _renewal.LeaveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) // a store may throw anything; the lease then ends by itself
        {
            _reports.OnFailed(error);
        }
        stopped.SetResult();
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

    private void RenewNow()
    {
        _renewal.Request();
        WakeAll();
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
        _saving.Wake();
    }
}
