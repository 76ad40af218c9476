using System.Data.Common;

namespace SafeLoop;

/// <summary>
/// Fences in PostgreSQL: a row per lock, and one per task whose slots are recorded. Made from the
/// data source the locks use; needs no package.
/// </summary>
/// <remarks>
/// <para>
/// A number is the last one plus one, or the server's clock in microseconds where that is greater, so it also grows when the
/// database was restored from a backup or has failed over to a replica that lags. One that is the clock's is issued without
/// waiting for the disk: if a crash loses it, the clock is past it. One that is ahead of the clock, and a slot that has run, are
/// on the disk before they are answered; and so is every number of a server with a synchronous standby, whose clock is another
/// one. A session whose <c>synchronous_commit</c> is anything else but <c>on</c> is left as it is.
/// </para>
/// <para>
/// The tables <c>safeloop_fences</c> and <c>safeloop_slots</c> are created when they are missing; where the role must not create
/// tables, run <see cref="Schema"/> by hand.
/// </para>
/// </remarks>
/// <param name="dataSource">Connections to the database, for instance an <c>NpgsqlDataSource</c>. It is not disposed.</param>
public sealed class PostgresFenceStore(DbDataSource dataSource) : IFenceStore
{
    /// <summary>The SQL that creates the tables.</summary>
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS safeloop_fences (lock text PRIMARY KEY, token bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS safeloop_slots (lock text, task text, slot timestamptz NOT NULL, token bigint NOT NULL, PRIMARY KEY (lock, task));
        """;

    private const string Clock = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    // What to lose in a crash is harmless need not be on the disk. The setting ends with the
    // batch, which is a transaction of its own.
    private const string Next = $"""
        INSERT INTO safeloop_fences AS last (lock, token) VALUES ($1, {Clock})
        ON CONFLICT (lock) DO UPDATE SET token = greatest(last.token + 1, excluded.token)
        RETURNING token,
            CASE WHEN token <= {Clock}
                AND current_setting('synchronous_commit') = 'on' AND current_setting('synchronous_standby_names') = ''
            THEN set_config('synchronous_commit', 'off', true) END
        """;

    // A statement of its own, after the one above: that may have waited for the record of the holder
    // before, which what it began with does not show.
    private const string LastSlot = "SELECT slot FROM safeloop_slots WHERE lock = $1 AND task = $2";

    private const string IsLast = "SELECT EXISTS (SELECT FROM safeloop_fences WHERE lock = $1 AND token = $2)";

    private const string LastToken = "SELECT token FROM safeloop_fences WHERE lock = $1";

    // The row of the lock is locked meanwhile: a later number is issued either before, and refuses this, or after.
    private const string Record = """
        WITH holder AS (SELECT token FROM safeloop_fences WHERE lock = $1 AND token = $2 FOR SHARE)
        INSERT INTO safeloop_slots (lock, task, slot, token) SELECT $1, $3, $4, token FROM holder
        ON CONFLICT (lock, task) DO UPDATE SET slot = excluded.slot, token = excluded.token
        """;

    /// <inheritdoc/>
    public async ValueTask<Fence> NextAsync(string name, string? task, CancellationToken cancellationToken)
    {
        try
        {
            return await IssueAsync(name, task, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException error) when (error.SqlState is PostgresCommands.NoSuchTable)
        {
            await PostgresCommands.CreateTablesAsync(dataSource, Schema, cancellationToken).ConfigureAwait(false);
            return await IssueAsync(name, task, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> IsLastAsync(string name, long token, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var command = await CommandAsync(connection, IsLast, cancellationToken, name, token)
                .ConfigureAwait(false);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
        }
        catch (DbException error) when (error.SqlState is PostgresCommands.NoSuchTable)
        {
            return false; // no number was ever issued
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> LastAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var command = await CommandAsync(connection, LastToken, cancellationToken, name).ConfigureAwait(false);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is long token ? token : 0;
        }
        catch (DbException error) when (error.SqlState is PostgresCommands.NoSuchTable)
        {
            return 0; // no number was ever issued
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RecordAsync(
        string name, string task, long token, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var command = await CommandAsync(connection, Record, cancellationToken, name, token, task, slot.UtcDateTime)
            .ConfigureAwait(false);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
    }

    private async Task<Fence> IssueAsync(string name, string? task, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var batch = connection.CreateBatch();
        PostgresCommands.Add(batch, Next, name);
        if (task is not null)
            PostgresCommands.Add(batch, LastSlot, name, task);
        await PostgresCommands.PrepareAsync(batch.PrepareAsync, cancellationToken).ConfigureAwait(false);

        await using var row = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        var token = row.GetInt64(0);
        var hasSlot = await row.NextResultAsync(cancellationToken).ConfigureAwait(false)
            && await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new() { Token = token, LastSlot = hasSlot ? new DateTimeOffset(row.GetDateTime(0), TimeSpan.Zero) : null };
    }

    private static async Task<DbCommand> CommandAsync(
        DbConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        PostgresCommands.Add(command.Parameters, command.CreateParameter, values);
        await PostgresCommands.PrepareAsync(command.PrepareAsync, cancellationToken).ConfigureAwait(false);
        return command;
    }
}
