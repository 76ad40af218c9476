namespace SafeLoop;

/// <summary>Keeps this host in the cluster: joins, renews its lease, and joins again with a new lease when it was lost.</summary>
/// <remarks>
/// It stores with each renewal how far the shards have come, and reads the members. So a quiet cluster costs three calls of the
/// store per lease and host. A lease that has run out is never renewed: its shards are lost, whatever the store says later.
/// </remarks>
internal sealed class LeaseRenewal(
    IShardStore store,
    IClusterMembership membership,
    IRecurringTaskShards shards,
    OwnedShards owned,
    TimeProvider time,
    RecurringTaskClusterOptions options,
    ClusterReports reports)
{
    private readonly MemberDirectory _directory = new();
    private volatile ClusterView _view = ClusterView.None;
    private volatile bool _isLeaving, _isRequested;
    private bool _isNew;                 // of the loop: nothing was renewed yet since it has joined
    private HostLease? _lease;           // of the loop
    private long _triedAt = long.MinValue; // of the loop: the timestamp of the last attempt to renew

    /// <summary>Called after each answer of the store, and when the lease has ended.</summary>
    public required Action OnAnswered { get; init; }

    /// <summary>Called when the lease has ended, on any thread.</summary>
    public required Action OnLost { get; init; }

    /// <summary>Called with the other members after this host has joined, so that all begin to settle at the same time.</summary>
    public required Action<IEnumerable<Member>> OnJoined { get; init; }

    /// <summary>The last answer of the store. Without members when this host has no valid lease.</summary>
    public ClusterView View => _view is { Lease.Local.IsValid: true } view ? view : ClusterView.None;

    /// <summary>True: this host gives its shards away. Others read it with the next renewal.</summary>
    public bool IsLeaving
    {
        get => _isLeaving;
        set => _isLeaving = value;
    }

    /// <summary>Lets the next turn renew before it is time, to publish that it leaves, or to read the members.</summary>
    public void Request() => _isRequested = true;

    /// <summary>A turn of the loop.</summary>
    public async Task<long> TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (membership.Current.IsDead)
        {
            _lease?.Local.Lose("The cluster has declared this host dead.");
            owned.Clear(); // or a stop would wait until they are given away
            reports.OnRefused("The cluster has declared this host dead, so it runs no loops of the cluster. Restart it.");
            return NextThird(time.GetTimestamp());
        }
        if (_lease is not { Local.IsValid: true } && await JoinAsync(cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            reports.OnRefused(refusal);
            return NextThird(time.GetTimestamp());
        }
        if (RenewAt is var renewAt && time.GetTimestamp() < renewAt)
            return renewAt;
        (_isRequested, _triedAt) = (false, time.GetTimestamp());
        return await RenewAsync(_lease!, cancellationToken).ConfigureAwait(false) ? NextThird(_triedAt) : long.MinValue;
    }

    /// <summary>Leaves the cluster, so that others take at once what was not given away. No loop may run any more.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (_lease is not { } lease)
            return;
        var wasValid = lease.Local.IsValid;
        lease.Local.Lose("The host has left the cluster.");
        if (wasValid)
            await store.LeaveAsync(lease.Number, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the lease here. The store learns it when the lease ends there.</summary>
    public void Lose(string reason) => _lease?.Local.Lose(reason);

    /// <summary>Joins the cluster, with a new lease.</summary>
    /// <returns>Why the cluster refuses this host; null: it has joined.</returns>
    public async Task<string?> JoinAsync(CancellationToken cancellationToken)
    {
        if (_lease is { Local.LossReason: { } reason })
            reports.OnLost(reason);
        (_lease, _triedAt) = (null, long.MinValue);
        owned.Clear();
        var local = shards.CreateLease(options.LeaseLength); // counts from before the request
        var answer = await store.JoinAsync(
            new()
            {
                Cluster = membership.Cluster,
                ShardCount = options.ShardCount,
                Name = membership.Name,
                Details = new MemberDetails(membership.Address, shards.Tasks).Write(),
                Length = options.LeaseLength,
            },
            cancellationToken).ConfigureAwait(false);
        if (answer.Lease == 0)
        {
            local.Lose("The cluster has refused this host.");
            return DescribeRefusal(answer);
        }
        (_lease, _isNew) = (new(answer.Lease, local), true);
        local.Lost.UnsafeRegister(static renewal => ((LeaseRenewal)renewal!).OnLost(), this);
        reports.OnJoined(answer.Lease);
        return null;
    }

    private async Task<bool> RenewAsync(HostLease lease, CancellationToken cancellationToken)
    {
        owned.Record(shards.ReadProgress());
        IReadOnlyList<ShardMember>? members = null;
        var isRenewed = await lease.Local.RenewAsync(
            async token =>
            {
                members = await store.RenewAsync(
                    new()
                    {
                        Lease = lease.Number,
                        Progress = ProgressCodec.Write(owned.ReadProgress(lease)),
                        IsLeaving = _isLeaving,
                        KnownUpTo = _directory.KnownUpTo,
                    },
                    token).ConfigureAwait(false);
                return members is not null;
            },
            cancellationToken).ConfigureAwait(false);
        if (isRenewed)
        {
            _view = _directory.Read(lease, members!, time);
            reports.OnRenewed();
            if (_isNew)
                OnJoined(_view.Members.Where(member => member.Lease != lease.Number));
            _isNew = false;
        }
        OnAnswered();
        return isRenewed;
    }

    // Several messages within a moment cause one renewal.
    private long RenewAt => _triedAt == long.MinValue ? long.MinValue
        : _isRequested ? time.TimestampAfter(_triedAt, options.LeaseLength / 20)
        : NextThird(_triedAt);

    private long NextThird(long timestamp) => time.TimestampAfter(timestamp, options.LeaseLength / 3);

    private string DescribeRefusal(ShardJoinResult answer) => answer.Cluster != membership.Cluster
        ? $"This host belongs to the cluster '{membership.Cluster}', but the shard store is in use by the cluster "
            + $"'{answer.Cluster}'. Give each cluster a store of its own, or a prefix or schema of its own in the store."
        : $"This host divides the keys of each task into {options.ShardCount:N0} shards, but the shards in the store are "
            + $"{answer.ShardCount:N0}. Set ShardCount to {answer.ShardCount}, or use an empty store when no host is running.";
}
