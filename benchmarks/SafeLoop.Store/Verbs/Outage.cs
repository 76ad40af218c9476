using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Scale.Measuring;
using SafeLoop.Store.Databases;
using SafeLoop.Store.Loops;
using SafeLoop.Store.Measuring;

namespace SafeLoop.Store.Verbs;

/// <summary>Loops while the server of the database has ended, or is stopped; and what the history has afterwards.</summary>
internal static class Outage
{
    private const string Ran = "outcome IN (1, 2)"; // succeeded or failed

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public static Task RunDownAsync(StoreArguments arguments) => RunAsync(
        arguments, 600, server => server.Stop(), server => server.Start());

    public static Task RunStoppedAsync(StoreArguments arguments) => RunAsync(
        arguments, 20, server => server.Freeze(), server => server.Thaw());

    private static async Task RunAsync(
        StoreArguments arguments, int seconds, Action<LocalServers.PostgresServer> end, Action<LocalServers.PostgresServer> begin)
    {
        var results = await Alternation.RunAsync(
            arguments.Get("runs", 5), ["up", "down"],
            variant => MeasureAsync(arguments, arguments.Seconds(seconds), variant is "up" ? null : end, begin));
        var (up, down) = (results["up"], results["down"]);
        Console.WriteLine(
            $"p99 late: {Median.Text("ms", [.. up.Select(run => run.P99)])} up, "
            + $"{Median.Text("ms", [.. down.Select(run => run.P99)])} down; aim: at most 1.1 times, or 10 ms more");
        Console.WriteLine(
            $"memory: {Median.Text("MB", [.. up.Select(run => run.Megabytes)])} more up, "
            + $"{Median.Text("MB", [.. down.Select(run => run.Megabytes)])} more down; aim: at most 10 MB more");
        Console.WriteLine($"{down.Count(run => run.IsComplete)} of {down.Count} outages have everything in the database.");
    }

    private static async Task<Figures> MeasureAsync(
        StoreArguments arguments, TimeSpan time, Action<LocalServers.PostgresServer>? end,
        Action<LocalServers.PostgresServer> begin)
    {
        using var database = new Postgres();
        await using var loops = new NamedLoops(
            database.Use, arguments.Get("tasks", 100), TimeSpan.FromMilliseconds(arguments.Get("every", 100)),
            arguments.Get("failing", 100));
        await loops.StartAsync();
        await Task.Delay(WarmUp);
        var (before, runs, heap) = (Lateness.Read(), loops.Runs, GC.GetTotalMemory(forceFullCollection: true));
        end?.Invoke(database.Server);
        await Task.Delay(time);
        var (noted, perSecond) = (Lateness.Read().Since(before), (loops.Runs - runs) / time.TotalSeconds);
        var more = GC.GetTotalMemory(forceFullCollection: true) - heap;
        if (end is not null)
            begin(database.Server);
        await loops.StopAsync(); // saves what is left
        return new(
            noted.Milliseconds(0.99), more / 1e6, perSecond, loops.Runs, loops.Failures,
            await database.ReadAsync<long>($"SELECT sum(slots)::bigint FROM safeloop_total WHERE {Ran}"),
            await database.ReadAsync<long>($"SELECT sum(coalesce(slots, 1))::bigint FROM safeloop_history WHERE {Ran}"),
            await database.ReadAsync<long>("SELECT count(*) FROM safeloop_history WHERE outcome = 2"));
    }

    private sealed record Figures(
        double P99, double Megabytes, double PerSecond, long Runs, long Failures, long Totals, long History, long FailedRows)
    {
        public bool IsComplete => (Totals, History, FailedRows) == (Runs, Runs, Failures);

        public override string ToString() =>
            $"p99 {P99:0.0} ms late, {Megabytes:0.0} MB more, {PerSecond:0} iterations a second; of {Runs} iterations and "
            + $"{Failures} failures the database has {Totals} in totals, {History} in the history, {FailedRows} failures";
    }
}
