using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Scale.Measuring;
using SafeLoop.Storage;
using SafeLoop.Store.Databases;
using SafeLoop.Store.Loops;
using SafeLoop.Store.Measuring;

namespace SafeLoop.Store.Verbs;

/// <summary>
/// Loops beside a store that deletes rows one part after the other, without the pause of a second that the host makes between
/// two parts.
/// </summary>
internal static class RetentionRun
{
    public static async Task RunAsync(StoreArguments arguments)
    {
        using var database = new Postgres();
        await using var loops = new NamedLoops(
            database.Use, arguments.Get("tasks", 100), TimeSpan.FromMilliseconds(arguments.Get("every", 100)), int.MaxValue);
        await loops.StartAsync();
        while (await database.ReadAsync<object>("SELECT to_regclass('safeloop_task')::text") is DBNull) // the host creates it
            await Task.Delay(100);
        var (rows, runs) = (arguments.Get("rows", 5_000_000), arguments.Get("runs", 5));
        await HistoryRows.FillAsync(database, rows, TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(91));

        var store = loops.Services.GetRequiredService<IRecurringTaskStore>();
        var results = await Alternation.RunAsync(
            runs, ["idle", "deleting"],
            variant => MeasureAsync(variant is "idle" ? null : store, arguments.Seconds(60), rows / runs));
        Console.WriteLine(
            $"p99 late: {Median.Text("ms", [.. results["idle"].Select(run => run.P99)])} idle, "
            + $"{Median.Text("ms", [.. results["deleting"].Select(run => run.P99)])} deleting; "
            + "aim: at most 1.1 times, or 10 ms more");
        Console.WriteLine($"{await database.ReadAsync<long>("SELECT count(*) FROM safeloop_history"):N0} rows are left.");
    }

    private static async Task<Figures> MeasureAsync(IRecurringTaskStore? store, TimeSpan time, int rows)
    {
        const int RowsAtOnce = 1000; // of successes; and as many others
        var (before, began, parts) = (Lateness.Read(), Stopwatch.GetTimestamp(), 0);
        if (store is null)
            await Task.Delay(time);
        else
        {
            for (; parts < rows / RowsAtOnce; parts++)
            {
                if (!await store.DeleteExpiredAsync(new(), default))
                    break;
            }
        }
        var noted = Lateness.Read().Since(before);
        return new(noted.Milliseconds(0.99), noted.Count, parts * RowsAtOnce, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private sealed record Figures(double P99, long Iterations, int Deleted, double Seconds)
    {
        public override string ToString() =>
            $"p99 {P99:0.0} ms late, {Iterations} iterations, {Deleted} rows deleted in {Seconds:0} s";
    }
}
