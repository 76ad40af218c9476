using System.Diagnostics;
using SafeLoop.Store.Databases;
using SafeLoop.Store.Loops;
using SafeLoop.Store.Measuring;

namespace SafeLoop.Store.Verbs;

/// <summary>How long a host takes to start, and until its first iteration, with a database in different states.</summary>
internal static class StartUp
{
    public static async Task RunAsync(StoreArguments arguments)
    {
        using var database = new Postgres();
        var results = await Alternation.RunAsync(
            arguments.Get("runs", 5), ["none", "up", "down", "stopped"],
            variant => MeasureAsync(database, variant, arguments.Get("tasks", 100)));
        foreach (var (variant, runs) in results)
            Console.WriteLine(
                $"{variant}: started after {Median.Text("ms", [.. runs.Select(run => run.Started)])}, "
                + $"first iteration after {Median.Text("ms", [.. runs.Select(run => run.First)])}");
    }

    private static async Task<Figures> MeasureAsync(Postgres database, string variant, int tasks)
    {
        switch (variant)
        {
            case "down":
                database.Server.Stop();
                break;
            case "stopped":
                database.Server.Freeze();
                break;
        }
        try
        {
            var began = Stopwatch.GetTimestamp();
            await using var loops = new NamedLoops(
                variant is "none" ? null : database.Use, tasks, TimeSpan.FromMilliseconds(10), int.MaxValue);
            await loops.StartAsync();
            var started = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            while (loops.Runs == 0)
                await Task.Delay(1);
            return new(started, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        finally
        {
            database.Server.Thaw();
            if (!database.Server.IsRunning)
                database.Server.Start();
            Npgsql.NpgsqlConnection.ClearAllPools();
        }
    }

    private sealed record Figures(double Started, double First)
    {
        public override string ToString() => $"started after {Started:0} ms, first iteration after {First:0} ms";
    }
}
