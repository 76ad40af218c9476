using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>
/// A table to which steps write, as a user's step does: a write is accepted when its number is greater than the last one of the
/// task. The number is the fencing token of the lock, or the slot of a task without one.
/// </summary>
internal static class GuardedTable
{
    public const string Create = """
        CREATE TABLE IF NOT EXISTS crash_step
            (task varchar(50) NOT NULL, slot bigint NOT NULL, life varchar(50) NOT NULL, kind int NOT NULL, at bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS crash_guard (task varchar(50) NOT NULL PRIMARY KEY, number bigint NOT NULL);
        """;

    public const string Clear = "DELETE FROM crash_step; DELETE FROM crash_guard;";

    private const string Insert = "INSERT INTO crash_step (task, slot, life, kind, at) VALUES ({0}, {1}, {2}, {3}, {4})";

    private const string Guard = """
        INSERT INTO crash_guard (task, number) VALUES ({0}, {1})
        ON CONFLICT (task) DO UPDATE SET number = excluded.number WHERE crash_guard.number < excluded.number
        """;

    public static Task BeginAsync(StoreDatabase database, StepRow row) =>
        database.ReadAsync((db, cancel) => InsertAsync(db, row, cancel), default);

    /// <summary>Writes the effect of a step, unless a later one has been written.</summary>
    /// <returns>False when a later one has been written.</returns>
    public static Task<bool> WriteAsync(StoreDatabase database, StepRow row, long number) =>
        database.RunAsync(
            async (db, cancel) => await db.Database.ExecuteSqlRawAsync(Guard, [row.Task, number], cancel) == 1
                && await InsertAsync(db, row, cancel),
            default);

    public static async Task<List<StepRow>> ReadAsync(DbContext db)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "SELECT task, slot, life, kind, at FROM crash_step ORDER BY at";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<StepRow>();
        while (await reader.ReadAsync())
            rows.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetString(2), (StepKind)reader.GetInt32(3),
                reader.GetInt64(4)));
        return rows;
    }

    private static async Task<bool> InsertAsync(StoreContext db, StepRow row, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlRawAsync(Insert, [row.Task, row.Slot, row.Life, (int)row.Kind, row.At], cancellationToken)
            == 1;
}
