namespace SafeLoop.Tests;

/// <summary>A shard store in memory, on a clock of its own as a server has one, with faults on request. Thread-safe.</summary>
internal sealed class MemoryShardStore(TimeProvider time) : IShardStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Lease> _leases = [];
    private readonly Dictionary<ShardId, Row> _rows = [];
    private readonly List<string> _calls = [];
    private readonly Queue<Action> _hanging = [];
    private long _lastLease, _lastEpoch;
    private string? _cluster;
    private int _shardCount;

    /// <summary>Decides what happens to a call: the method, and the lease or the name of the host that joins.</summary>
    public Func<string, string, StoreFault> Fault { get; set; } = static (_, _) => StoreFault.None;

    /// <summary>True: takes ignore the epoch and the owner. A judge must notice.</summary>
    public bool IgnoresOwners { get; set; }

    /// <summary>The calls until now, as "RenewAsync 7".</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>Lets all calls go on that hang, in the order in which they were made.</summary>
    public void Thaw()
    {
        Action[] hanging;
        lock (_gate)
        {
            hanging = [.. _hanging];
            _hanging.Clear();
        }
        Array.ForEach(hanging, static answer => answer());
    }

    public ValueTask<ShardJoinResult> JoinAsync(ShardJoin join, CancellationToken cancellationToken) =>
        Call(nameof(JoinAsync), join.Name, cancellationToken, () =>
        {
            var isForeign = _cluster is { } cluster && cluster != join.Cluster && _leases.Values.Any(IsLive);
            var isDividedOtherwise = _shardCount != join.ShardCount && (_rows.Count > 0 || _leases.Values.Any(IsLive));
            if (isForeign || isDividedOtherwise)
                return new() { Cluster = _cluster!, ShardCount = _shardCount };
            (_cluster, _shardCount) = (join.Cluster, join.ShardCount);
            _leases.Add(++_lastLease, new(_lastLease, join) { EndsAt = Now + join.Length });
            return new ShardJoinResult { Lease = _lastLease, Cluster = join.Cluster, ShardCount = join.ShardCount };
        });

    public ValueTask<IReadOnlyList<ShardMember>?> RenewAsync(ShardRenewal renewal, CancellationToken cancellationToken) =>
        Call<IReadOnlyList<ShardMember>?>(nameof(RenewAsync), $"{renewal.Lease}", cancellationToken, () =>
        {
            if (FindLive(renewal.Lease) is not { } lease)
                return null;
            (lease.EndsAt, lease.IsLeaving) = (Now + lease.Join.Length, renewal.IsLeaving);
            lease.Progress = renewal.Progress ?? lease.Progress;
            return
            [
                .. _leases.Values.Where(IsLive).OrderBy(static member => member.Number).Select(member => new ShardMember
                {
                    Lease = member.Number,
                    Name = member.Join.Name,
                    Details = member.Number <= renewal.KnownUpTo ? null : member.Join.Details,
                    IsLeaving = member.IsLeaving,
                    TimeLeft = member.EndsAt - Now,
                }),
            ];
        });

    public async ValueTask LeaveAsync(long lease, CancellationToken cancellationToken) =>
        await Call(nameof(LeaveAsync), $"{lease}", cancellationToken, () => FindLive(lease)?.EndsAt = Now);

    public ValueTask<IReadOnlyList<StoredShard>> ReadAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellationToken) =>
        Call<IReadOnlyList<StoredShard>>(nameof(ReadAsync), "", cancellationToken, () =>
        [
            .. shards.Select(id => _rows.GetValueOrDefault(id)).OfType<Row>().Select(Describe),
        ]);

    public ValueTask<IReadOnlyList<ShardOwner>> ReadOwnersAsync(string? task, CancellationToken cancellationToken) =>
        Call<IReadOnlyList<ShardOwner>>(nameof(ReadOwnersAsync), "", cancellationToken, () =>
        [
            .. _rows.Values.Where(row => task is null || row.Id.Task == task)
                .OrderBy(static row => row.Id.Task, StringComparer.Ordinal).ThenBy(static row => row.Id.Index)
                .Select(row => new ShardOwner
                {
                    Id = row.Id,
                    Epoch = row.Epoch,
                    Owner = row.Owner?.Join.Name,
                    IsOwned = row.Owner is { } owner && IsLive(owner),
                    Since = row.Since,
                    Previous = row.Previous,
                    WasLost = row.WasLost,
                    Losses = row.Losses,
                }),
        ]);

    public ValueTask<IReadOnlyList<TakenShard>> TakeAsync(
        long lease, IReadOnlyList<ShardTake> shards, CancellationToken cancellationToken) =>
        Call<IReadOnlyList<TakenShard>>(nameof(TakeAsync), $"{lease}", cancellationToken, () =>
            FindLive(lease) is not { } owner ? [] : [.. shards.Select(take => Take(owner, take)).OfType<TakenShard>()]);

    public ValueTask<IReadOnlyList<ShardId>> GiveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        Call(nameof(GiveAsync), $"{lease}", cancellationToken, () => Change(lease, shards, (row, state) =>
        {
            (row.Memory, row.Watermark, row.Since, row.Losses) = (state.Memory, state.Watermark, Now, state.Losses);
            (row.Previous, row.WasLost, row.Owner) = (row.Owner!.Join.Name, false, null);
        }));

    public ValueTask<IReadOnlyList<ShardId>> SaveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        Call(nameof(SaveAsync), $"{lease}", cancellationToken, () => Change(lease, shards, static (_, _) => { }));

    private DateTimeOffset Now => time.GetUtcNow();

    private bool IsLive(Lease lease) => lease.EndsAt > Now;

    private Lease? FindLive(long lease) => _leases.GetValueOrDefault(lease) is { } found && IsLive(found) ? found : null;

    private TakenShard? Take(Lease lease, ShardTake take)
    {
        if (!_rows.TryGetValue(take.Id, out var row))
            row = new(take.Id);
        var isFree = row.Owner is not { } owner || owner == lease || !IsLive(owner);
        if (!IgnoresOwners && (row.Epoch != take.Epoch || !isFree))
            return null;
        if (row.Owner is { } before && before != lease)
            (row.Previous, row.WasLost) = (before.Join.Name, true);
        (row.Owner, row.Epoch, row.Since) = (lease, ++_lastEpoch, Now);
        (row.Watermark, row.Losses) = (take.Watermark, take.Losses);
        if (take.DropsMemory)
            row.Memory = null;
        _rows[take.Id] = row;
        return new(row.Id, row.Epoch);
    }

    private IReadOnlyList<ShardId> Change(long lease, IReadOnlyList<ShardState> shards, Action<Row, ShardState> change)
    {
        var changed = new List<ShardId>();
        foreach (var state in shards)
        {
            if (!_rows.TryGetValue(state.Id, out var row) || row.Owner?.Number != lease || row.Epoch != state.Epoch)
                continue;
            row.Exceptions = state.Exceptions ?? row.Exceptions;
            change(row, state);
            changed.Add(state.Id);
        }
        return changed;
    }

    private StoredShard Describe(Row row)
    {
        var gone = row.Owner is { } owner && !IsLive(owner) ? owner : null;
        return new()
        {
            Id = row.Id,
            Epoch = row.Epoch,
            Lease = row.Owner?.Number ?? 0,
            IsOwned = row.Owner is not null && gone is null,
            GoneFor = gone is null ? TimeSpan.Zero : Now - gone.EndsAt,
            OwnedFor = gone is null ? TimeSpan.Zero : gone.EndsAt - row.Since,
            Progress = gone?.Progress,
            Memory = row.Memory,
            Watermark = row.Watermark,
            Exceptions = row.Exceptions,
            Losses = row.Losses,
        };
    }

    private async ValueTask<T> Call<T>(string method, string caller, CancellationToken cancellationToken, Func<T> answer)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoreFault fault;
        var answered = new TaskCompletionSource<T>(); // what waits for it goes on within Thaw
        lock (_gate)
        {
            _calls.Add($"{method} {caller}".TrimEnd());
            fault = Fault(method, caller);
            if (fault == StoreFault.Hangs) // a request that has reached the server is executed, whoever still waits for it
                _hanging.Enqueue(() => answered.SetResult(Execute(answer)));
        }
        if (fault == StoreFault.Hangs)
            return await answered.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (fault == StoreFault.Throws)
            throw new StoreIsDownException();
        var result = Execute(answer);
        return fault == StoreFault.LosesAnswer ? throw new StoreIsDownException() : result;
    }

    private T Execute<T>(Func<T> answer)
    {
        lock (_gate)
            return answer();
    }

    private sealed class Lease(long number, ShardJoin join)
    {
        public long Number => number;

        public ShardJoin Join => join;

        public DateTimeOffset EndsAt { get; set; }

        public bool IsLeaving { get; set; }

        public byte[]? Progress { get; set; }
    }

    private sealed class Row(ShardId id)
    {
        public ShardId Id => id;

        public long Epoch { get; set; }

        public Lease? Owner { get; set; }

        public DateTimeOffset Since { get; set; }

        public byte[]? Memory { get; set; }

        public DateTimeOffset? Watermark { get; set; }

        public byte[]? Exceptions { get; set; }

        public int Losses { get; set; }

        public string? Previous { get; set; }

        public bool WasLost { get; set; }
    }
}
