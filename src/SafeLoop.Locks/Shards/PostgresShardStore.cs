using System.Data.Common;

namespace SafeLoop;

/// <summary>Stores the owners of shards in PostgreSQL 12 or later. Needs no package.</summary>
/// <remarks>
/// <para>
/// The tables <c>safeloop_clusters</c>, <c>safeloop_leases</c> and <c>safeloop_shards</c> are created when they are missing.
/// Where the role must not create tables, run <see cref="Schema"/> by hand, and grant SELECT, INSERT, UPDATE and DELETE.
/// </para>
/// <para>
/// Each call is one round trip and one transaction. It waits for the disk, also in a session whose <c>synchronous_commit</c> is
/// off: a renewal that a crash loses would end a lease on which its owner still relies. So a restart of the server changes
/// nothing. When the timeline, the server or the table is another one (a replica was promoted, a backup was restored), all leases
/// end, and no shard is taken until the longest of them has passed.
/// </para>
/// <para>
/// When a host joins, it deletes the leases that have ended and that no shard names as its owner. Shards are kept.
/// </para>
/// </remarks>
public sealed class PostgresShardStore : IShardStore
{
    // Of the leases, a page is kept for one or two rows, so that a renewal finds space beside the old version and changes no
    // index; up to 8 kB of progress stay in the row, uncompressed. A watermark is a number of ticks of 100 ns since the year 1,
    // since a timestamp would round it.
    /// <summary>The SQL that creates the tables.</summary>
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS safeloop_clusters (application text PRIMARY KEY, cluster text NOT NULL, shard_count int NOT NULL, lease bigint NOT NULL, longest interval NOT NULL, server text NOT NULL, noticed timestamptz NOT NULL);
        CREATE TABLE IF NOT EXISTS safeloop_leases (application text, lease bigint, name text NOT NULL, details text NOT NULL, length interval NOT NULL, expires timestamptz NOT NULL, is_leaving boolean NOT NULL, progress bytea, PRIMARY KEY (application, lease)) WITH (fillfactor = 10, toast_tuple_target = 8160);
        CREATE TABLE IF NOT EXISTS safeloop_shards (application text, task text, index int, epoch bigint NOT NULL, lease bigint NOT NULL, owner text, since timestamptz NOT NULL, previous text, was_lost boolean NOT NULL, losses int NOT NULL, watermark bigint, memory bytea, exceptions bytea, PRIMARY KEY (application, task, index));
        """;

    private readonly DbDataSource _dataSource;
    private readonly string _application;

    /// <summary>Creates a store.</summary>
    /// <param name="dataSource">Connections to the database, for instance an <c>NpgsqlDataSource</c>. It is not disposed.</param>
    /// <param name="application">
    /// Which cluster of the database it is. Applications that share a database have a name each; all hosts of one have the same.
    /// </param>
    public PostgresShardStore(DbDataSource dataSource, string application)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrWhiteSpace(application);
        (_dataSource, _application) = (dataSource, application);
    }

    /// <inheritdoc/>
    public ValueTask<ShardJoinResult> JoinAsync(ShardJoin join, CancellationToken cancellationToken)
    {
        ShardArguments.Check(join);
        return RunAsync(
            batch =>
            {
                PostgresCommands.Add(
                    batch, PostgresShardSql.AddCluster, _application, join.Cluster, join.ShardCount, join.Length);
                PostgresCommands.Add(batch, PostgresShardSql.LockCluster, _application);
                PostgresCommands.Add(batch, PostgresShardSql.DeleteEnded, _application);
                PostgresCommands.Add(
                    batch, PostgresShardSql.Join, _application, join.Cluster, join.ShardCount, join.Length, join.Name,
                    join.Details);
                PostgresCommands.Add(batch, PostgresShardSql.ReadCluster, _application);
            },
            ReadJoinAsync,
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardMember>?> RenewAsync(ShardRenewal renewal, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<ShardMember>?>(
            batch => PostgresCommands.Add(
                batch, PostgresShardSql.Renew, _application, renewal.Lease, renewal.IsLeaving, Bytes(renewal.Progress),
                renewal.KnownUpTo),
            async (rows, token) =>
            {
                var members = await ListAsync(rows, ReadMember, token).ConfigureAwait(false);
                return members.Count > 0 ? members : null;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(long lease, CancellationToken cancellationToken) => await RunAsync(
        batch => PostgresCommands.Add(batch, PostgresShardSql.Leave, _application, lease),
        static (_, _) => Task.FromResult(true),
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredShard>> ReadAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellationToken) =>
        RunAsync(
            batch =>
            {
                object[] values = [_application, shards.Select(id => id.Task).ToArray(), shards.Select(id => id.Index).ToArray()];
                PostgresCommands.Add(batch, PostgresShardSql.Read, values);
                PostgresCommands.Add(batch, PostgresShardSql.ReadProgress, values);
            },
            ReadShardsAsync,
            cancellationToken,
            isChange: false);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardOwner>> ReadOwnersAsync(string? task, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<ShardOwner>>(
            batch => PostgresCommands.Add(batch, PostgresShardSql.ReadOwners, _application, (object?)task ?? DBNull.Value),
            async (rows, token) =>
            {
                var owners = await ListAsync(rows, ReadOwner, token).ConfigureAwait(false);
                owners.Sort(ShardArguments.CompareOwners);
                return owners;
            },
            cancellationToken,
            isChange: false);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TakenShard>> TakeAsync(
        long lease, IReadOnlyList<ShardTake> shards, CancellationToken cancellationToken)
    {
        ShardArguments.CheckDistinct(shards.Select(shard => shard.Id));
        return RunAsync<IReadOnlyList<TakenShard>>(
            batch => PostgresCommands.Add(
                batch, PostgresShardSql.Take, _application, lease, shards.Select(shard => shard.Id.Task).ToArray(),
                shards.Select(shard => shard.Id.Index).ToArray(), shards.Select(shard => shard.Epoch).ToArray(),
                shards.Select(shard => shard.Watermark?.UtcTicks).ToArray(), shards.Select(shard => shard.Losses).ToArray(),
                shards.Select(shard => shard.DropsMemory).ToArray()),
            async (rows, token) => await ListAsync(rows, row => new TakenShard(ReadId(row), row.GetInt64(2)), token)
                .ConfigureAwait(false),
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardId>> GiveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        ChangeAsync(
            PostgresShardSql.Give, lease, shards, cancellationToken, shards.Select(shard => shard.Memory).ToArray(),
            shards.Select(shard => shard.Watermark?.UtcTicks).ToArray(), shards.Select(shard => shard.Losses).ToArray());

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardId>> SaveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        ChangeAsync(PostgresShardSql.Save, lease, shards, cancellationToken);

    private ValueTask<IReadOnlyList<ShardId>> ChangeAsync(
        string sql, long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken, params object[] more)
    {
        ShardArguments.CheckDistinct(shards.Select(shard => shard.Id));
        return RunAsync<IReadOnlyList<ShardId>>(
            batch => PostgresCommands.Add(
                batch, sql,
                [
                    _application, lease, shards.Select(shard => shard.Id.Task).ToArray(),
                    shards.Select(shard => shard.Id.Index).ToArray(), shards.Select(shard => shard.Epoch).ToArray(),
                    shards.Select(shard => shard.Exceptions).ToArray(), .. more,
                ]),
            async (rows, token) => await ListAsync(rows, ReadId, token).ConfigureAwait(false),
            cancellationToken);
    }

    private async ValueTask<T> RunAsync<T>(
        Action<DbBatch> fill, Func<DbDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken,
        bool isChange = true)
    {
        try
        {
            try
            {
                return await RunOnceAsync(fill, read, isChange, cancellationToken).ConfigureAwait(false);
            }
            catch (DbException error) when (error.SqlState is PostgresCommands.NoSuchTable)
            {
                await PostgresCommands.CreateTablesAsync(_dataSource, Schema, cancellationToken).ConfigureAwait(false);
                return await RunOnceAsync(fill, read, isChange, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (DbException error) when (error.SqlState is PostgresCommands.NotAllowed)
        {
            throw NotAllowed(error);
        }
    }

    private async Task<T> RunOnceAsync<T>(
        Action<DbBatch> fill, Func<DbDataReader, CancellationToken, Task<T>> read, bool isChange,
        CancellationToken cancellationToken)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var batch = connection.CreateBatch();
        if (isChange)
            PostgresCommands.Add(batch, PostgresShardSql.Notice, _application);
        fill(batch);
        await PostgresCommands.PrepareAsync(batch.PrepareAsync, cancellationToken).ConfigureAwait(false);

        await using var rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (isChange)
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        var result = await read(rows, cancellationToken).ConfigureAwait(false);
        // The batch is committed when its last answer has been read; an error in it is thrown here.
        while (await rows.NextResultAsync(cancellationToken).ConfigureAwait(false))
        {
        }
        return result;
    }

    private async Task<ShardJoinResult> ReadJoinAsync(DbDataReader rows, CancellationToken cancellationToken)
    {
        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false); // after the lock on the cluster
        var lease = await rows.ReadAsync(cancellationToken).ConfigureAwait(false) ? rows.GetInt64(0) : 0;
        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        await rows.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (!rows.GetBoolean(3))
            throw NotAllowed(null);
        return new()
        {
            Lease = lease,
            Cluster = rows.GetString(0),
            ShardCount = rows.GetInt32(1),
            Wait = rows.GetFieldValue<TimeSpan>(2),
        };
    }

    private static async Task<IReadOnlyList<StoredShard>> ReadShardsAsync(DbDataReader rows, CancellationToken cancellationToken)
    {
        var shards = await ListAsync(rows, ReadShard, cancellationToken).ConfigureAwait(false);
        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        var progress = new Dictionary<long, byte[]>();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            progress.Add(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1));
        return shards.ConvertAll(
            shard => shard.IsOwned ? shard : shard with { Progress = progress.GetValueOrDefault(shard.Lease) });
    }

    private static async Task<List<T>> ListAsync<T>(
        DbDataReader rows, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            all.Add(read(rows));
        return all;
    }

    private static ShardMember ReadMember(DbDataReader row) => new()
    {
        Lease = row.GetInt64(0),
        Name = row.GetString(1),
        Details = row.IsDBNull(2) ? null : row.GetString(2),
        IsLeaving = row.GetBoolean(3),
        TimeLeft = row.GetFieldValue<TimeSpan>(4),
    };

    private static StoredShard ReadShard(DbDataReader row) => new()
    {
        Id = ReadId(row),
        Epoch = row.GetInt64(2),
        Lease = row.GetInt64(3),
        Losses = row.GetInt32(4),
        Memory = row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5),
        Watermark = row.IsDBNull(6) ? null : new(row.GetInt64(6), TimeSpan.Zero),
        Exceptions = row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7),
        IsOwned = row.GetBoolean(8),
        GoneFor = row.GetFieldValue<TimeSpan>(9),
        OwnedFor = row.GetFieldValue<TimeSpan>(10),
    };

    private static ShardOwner ReadOwner(DbDataReader row) => new()
    {
        Id = ReadId(row),
        Epoch = row.GetInt64(2),
        Owner = row.IsDBNull(3) ? null : row.GetString(3),
        IsOwned = row.GetBoolean(4),
        Since = Time(row, 5),
        Previous = row.IsDBNull(6) ? null : row.GetString(6),
        WasLost = row.GetBoolean(7),
        Losses = row.GetInt32(8),
    };

    private static ShardId ReadId(DbDataReader row) => new(row.GetString(0), row.GetInt32(1));

    private static DateTimeOffset Time(DbDataReader row, int column) =>
        new(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));

    private static object Bytes(byte[]? bytes) => bytes is null ? DBNull.Value : bytes;

    private static InvalidOperationException NotAllowed(Exception? error) => new(
        "The role of the shard store has not all rights it needs in PostgreSQL. Run PostgresShardStore.Schema as a role that may "
            + "create tables, and grant SELECT, INSERT, UPDATE and DELETE on safeloop_clusters, safeloop_leases and "
            + "safeloop_shards to the role of the connection. No shard is owned meanwhile.",
        error);
}
