using SafeLoop.Storage;

namespace SafeLoop.Store.Databases;

/// <summary>
/// Fills the tables of a database with history: 200 tasks, 90 days, in the order in which hosts write it. Of a hundred rows one
/// has failed, three were skipped, and half of the successes are several that were folded. The failures of each tenth task are
/// those of a key. A task fails in two ways; the ways of all tasks are fifty.
/// </summary>
internal static class HistoryRows
{
    private const int Tasks = 200, RowsAtOnce = 500_000, Errors = 50;

    private static readonly TimeSpan Span = TimeSpan.FromDays(90);

    public const string Task = "task 7", KeyedTask = "task 10", Key = "key 3";

    public static IReadOnlyList<StoredTask> AllTasks { get; } = [.. Enumerable.Range(1, Tasks).Select(
        n => new StoredTask { Name = $"task {n}", IsKeyed = n % 10 == 0, Schedule = "every minute" })];

    /// <param name="database">A database in which a host has created the tables.</param>
    /// <param name="rows">How many.</param>
    /// <param name="end">The slot of the last one.</param>
    public static async Task FillAsync(Postgres database, int rows, DateTimeOffset end)
    {
        await database.ExecuteAsync($"""
            INSERT INTO safeloop_task (application, name, normalized_name, is_keyed, schedule, first_seen, last_seen)
            SELECT 'benchmark', 'task ' || n, 'TASK ' || n, n % 10 = 0, 'every minute', 0, 0 FROM generate_series(1, {Tasks}) n;
            INSERT INTO safeloop_error (fingerprint, first_seen, last_seen, times, application, type, message, details)
            SELECT n, 0, 0, 1, 'benchmark', 'System.InvalidOperationException', 'The price could not be read.',
                repeat('   at Shop.Prices.ReadAsync(String symbol, CancellationToken cancellationToken)' || chr(10), 20)
            FROM generate_series(1, {Errors}) n;
            """);
        var first = await database.ReadAsync<int>("SELECT min(id) FROM safeloop_task WHERE application = 'benchmark'");
        var micros = (end - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var step = Span.Ticks / TimeSpan.TicksPerMicrosecond / rows;
        for (var from = 1; from <= rows; from += RowsAtOnce)
        {
            await database.ExecuteAsync(Insert(first, micros - (rows * step), step, from, Math.Min(rows, from + RowsAtOnce - 1)));
            Console.WriteLine($"{Math.Min(rows, from + RowsAtOnce - 1):N0} rows");
        }
        await database.ExecuteAsync("VACUUM ANALYZE");
    }

    // The task, what became of the slot and whether it was folded must not depend on each other.
    private static string Insert(int first, long begin, long step, int from, int to) => $"""
        INSERT INTO safeloop_history (slot, id, late, elapsed, task_id, iteration, outcome, reason, span, longest_elapsed, slots,
            error, key_text)
        SELECT slot, (1::bigint << 32) | n, 1500, 20000 + h % 5000, {first} + (h >> 8) % {Tasks}, n,
            outcome, CASE outcome WHEN 5 THEN 1 ELSE 0 END,
            CASE WHEN folded THEN 50000000 END, CASE WHEN folded THEN 30000 END, CASE WHEN folded THEN 6 END,
            CASE outcome WHEN 2 THEN ((h >> 8) % {Tasks} + h % 2) % {Errors} + 1 END,
            CASE WHEN outcome = 2 AND ((h >> 8) % {Tasks} + 1) % 10 = 0 THEN 'key ' || h % 13 END
        FROM (
            SELECT n, slot, h, outcome, outcome = 1 AND (h >> 4) % 2 = 0 AS folded
            FROM (
                SELECT n, {begin} + n * {step}::bigint AS slot, h,
                    CASE WHEN (h >> 40) % 100 = 0 THEN 2 WHEN (h >> 40) % 100 < 4 THEN 5 ELSE 1 END AS outcome
                FROM (SELECT n, hashint8extended(n, 0) & 9223372036854775807 AS h FROM generate_series({from}::bigint, {to}) n) a
            ) b
        ) c
        """;
}
