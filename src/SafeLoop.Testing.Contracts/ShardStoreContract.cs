namespace SafeLoop.Testing;

/// <summary>
/// The contract of an <see cref="IShardStore"/>, as tests. Derive a class from it in a test project, and override one method.
/// </summary>
/// <remarks>
/// Each client stands for a process. Leases expire by the clock of the store: in real time this takes about a minute for all
/// tests. When you can set that clock, or the times that are stored, override <see cref="AdvanceAsync"/>.
/// </remarks>
/// <example>
/// <code>
/// public class SqlShardStoreTests : ShardStoreContract
/// {
///     protected override IShardStore CreateStore(string application, int client) =&gt;
///         new SqlShardStore(Connect(), application);
/// }
/// </code>
/// </example>
public abstract partial class ShardStoreContract
{
    private const string Nightly = "nightly";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _application = $"contract-{Guid.NewGuid():N}"; // the store may outlive the test
    private readonly Dictionary<(string Application, int Client), IShardStore> _stores = [];

    /// <summary>
    /// The length of the leases of the tests. A longer one makes the tests slower. With a shorter one, a lease of a slow store
    /// may expire during a test.
    /// </summary>
    /// <value>The default is 1 second.</value>
    protected virtual TimeSpan Lease => TimeSpan.FromSeconds(1);

    /// <summary>The number of rounds of the search for a shard with two owners. Each has its own seed.</summary>
    /// <value>The default is 3.</value>
    protected virtual int Rounds => 3;

    /// <summary>Creates a store. Called once for each application, client and test.</summary>
    /// <param name="application">Applications share nothing, although they may share a server.</param>
    /// <param name="client">The number of the process it stands for, from 0. All processes share what is stored.</param>
    protected abstract IShardStore CreateStore(string application, int client);

    /// <summary>Waits until time has passed on the clock of the store. By default, this is real time.</summary>
    /// <param name="time">The duration.</param>
    /// <returns>A task that completes when the time has passed.</returns>
    protected virtual Task AdvanceAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    private static ShardId Shard(int index, string task = Nightly) => new(task, index);

    private static void AssertBytes(byte[] expected, byte[]? actual) => Assert.Equal(expected.AsEnumerable(), actual);

    private IShardStore Of(int client, string? application = null)
    {
        var key = (application ?? _application, client);
        lock (_stores)
        {
            if (!_stores.TryGetValue(key, out var store))
                _stores.Add(key, store = CreateStore(key.Item1, client));
            return store;
        }
    }

    private ValueTask<ShardJoinResult> TryJoinAsync(
        int client, string name = "host", string cluster = "blue", int shardCount = 8, string details = "details",
        string? application = null) =>
        Of(client, application).JoinAsync(
            new() { Cluster = cluster, ShardCount = shardCount, Name = name, Details = details, Length = Lease }, default);

    private async Task<long> JoinAsync(
        int client, string name = "host", string details = "details", string? application = null)
    {
        var joined = await TryJoinAsync(client, name, details: details, application: application);
        Assert.True(joined.Lease > 0, $"The host '{name}' was refused: {joined}");
        return joined.Lease;
    }

    /// <summary>Joins a new cluster, and renews until the store takes shards.</summary>
    private async Task<long> StartAsync(string name = "first")
    {
        var lease = await JoinAsync(0, name);
        await ExpireAllButAsync(0, lease);
        return lease;
    }

    private async Task ExpireAsync() => await AdvanceAsync(Lease * 1.2);

    /// <summary>All leases expire but this one.</summary>
    private async Task ExpireAllButAsync(int client, long lease)
    {
        for (var n = 0; n < 2; n++)
        {
            await AdvanceAsync(Lease * 0.6);
            Assert.NotNull(await RenewAsync(client, lease));
        }
    }

    private ValueTask<IReadOnlyList<ShardMember>?> RenewAsync(
        int client, long lease, byte[]? progress = null, bool isLeaving = false, long knownUpTo = 0,
        string? application = null) =>
        Of(client, application).RenewAsync(
            new() { Lease = lease, Progress = progress, IsLeaving = isLeaving, KnownUpTo = knownUpTo }, default);

    private async Task<IReadOnlyList<ShardMember>> MembersAsync(
        int client, long lease, bool isLeaving = false, long knownUpTo = 0, string? application = null)
    {
        var members = await RenewAsync(client, lease, null, isLeaving, knownUpTo, application);
        Assert.NotNull(members);
        return members;
    }

    /// <returns>The new epoch; null: refused.</returns>
    private async Task<long?> TryTakeAsync(int client, long lease, int index, long epoch, string? application = null)
    {
        var taken = await Of(client, application).TakeAsync(lease, [new() { Id = Shard(index), Epoch = epoch }], default);
        Assert.All(taken, shard => Assert.Equal(Shard(index), shard.Id));
        return taken.Count == 0 ? null : Assert.Single(taken).Epoch;
    }

    private async Task<long> TakeAsync(int client, long lease, ShardTake take)
    {
        var taken = Assert.Single(await Of(client).TakeAsync(lease, [take], default));
        Assert.True(taken.Epoch > take.Epoch, $"The epoch {taken.Epoch} does not come after {take.Epoch}.");
        return taken.Epoch;
    }

    private Task<long> TakeAsync(int client, long lease, int index, long epoch = 0) =>
        TakeAsync(client, lease, new ShardTake { Id = Shard(index), Epoch = epoch });

    private async Task<StoredShard> ReadAsync(int index, int client = 1) =>
        Assert.Single(await Of(client).ReadAsync([Shard(index)], default));

    private async Task<bool> GiveAsync(int client, long lease, ShardState state)
    {
        var given = await Of(client).GiveAsync(lease, [state], default);
        Assert.All(given, id => Assert.Equal(state.Id, id));
        return given.Count == 1;
    }

    private Task<bool> GiveAsync(int client, long lease, int index, long epoch) =>
        GiveAsync(client, lease, new ShardState { Id = Shard(index), Epoch = epoch });

    private async Task<bool> SaveAsync(int client, long lease, int index, long epoch, byte[]? exceptions) =>
        (await Of(client).SaveAsync(lease, [new() { Id = Shard(index), Epoch = epoch, Exceptions = exceptions }], default))
            .Count == 1;
}
