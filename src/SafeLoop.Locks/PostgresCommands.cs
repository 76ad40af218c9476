using System.Data.Common;

namespace SafeLoop;

/// <summary>Commands for PostgreSQL, made without a reference to its package.</summary>
internal static class PostgresCommands
{
    public const string NoSuchTable = "42P01", NotAllowed = "42501";

    private const string DuplicateObject = "42710", DuplicateTable = "42P07", UniqueViolation = "23505";

    public static async Task CreateTablesAsync(DbDataSource dataSource, string schema, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand(schema);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbException error) when (error.SqlState is DuplicateObject or DuplicateTable or UniqueViolation)
        {
            // Another replica has created them at the same moment: IF NOT EXISTS does not wait for it.
        }
    }

    public static void Add(DbBatch batch, string sql, params object[] values)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        Add(command.Parameters, command.CreateParameter, values);
        batch.BatchCommands.Add(command);
    }

    public static void Add(DbParameterCollection parameters, Func<DbParameter> create, object[] values)
    {
        foreach (var value in values)
        {
            var parameter = create();
            parameter.Value = value;
            parameters.Add(parameter);
        }
    }

    // Once per session: to plan the statement costs as much as to run it.
    public static async Task PrepareAsync(Func<CancellationToken, Task> prepare, CancellationToken cancellationToken)
    {
        try
        {
            await prepare(cancellationToken).ConfigureAwait(false);
        }
        catch (NotSupportedException)
        {
            // A data source that multiplexes plans statements itself.
        }
    }
}
