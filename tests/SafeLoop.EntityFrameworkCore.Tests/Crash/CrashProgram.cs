using System.Diagnostics;
using System.Globalization;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>The campaigns of <c>tests/crash.sh</c>: each prints a line of counts, and the scenarios with violations.</summary>
internal static class CrashProgram
{
    private const int Replicas = 3; // of real processes

    /// <param name="args">The database, the number of replicas, "every" or "drawn", the first seed and the last one.</param>
    /// <returns>The exit code: 0 when nothing was violated.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args[0] == "processes")
            return await RunProcessesAsync(args[1], TimeSpan.FromSeconds(Number(args[2])), Number(args[3]));
        var (kind, replicas, mode) = (args[0], Number(args[1]), args[2]);
        await using var databases = new CrashDatabases();
        var database = await databases.CreateAsync(kind);
        var campaign = new CrashCampaign(
            database, replicas, args.Length > 5 && Enum.TryParse<Broken>(args[5], out var broken) ? broken : Broken.Nothing);
        var (since, bad) = (Stopwatch.GetTimestamp(), 0);
        for (var seed = Number(args[3]); seed <= Number(args[4]); seed++)
        {
            if (mode == "every")
                await campaign.RunEveryAsync(seed);
            else if (mode == "lost")
                Console.WriteLine($"{new CrashPlan(seed, replicas)}: {await campaign.FindLostBatchAsync(seed)}");
            else
                await campaign.RunDrawnAsync(seed);
            foreach (var report in campaign.Bad.Skip(bad))
                Console.WriteLine(report);
            bad = campaign.Bad.Count;
        }
        Console.WriteLine($"{kind}, {mode}, {campaign}, {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s");
        return bad == 0 ? 0 : 1;
    }

    private static async Task<int> RunProcessesAsync(string kind, TimeSpan real, int seed)
    {
        await using var databases = new CrashDatabases();
        var connection = databases.CreateConnectionString(kind);
        await using var processes = new KilledProcesses(kind, connection, seed, Replicas);
        var report = await processes.RunAsync(real);
        var bad = report.Violations.Count == 0 ? 0 : 1;
        Console.WriteLine(report);
        Console.WriteLine($"{kind}, processes, {Replicas} replica(s): 1 runs, 0 points, {report.Cuts} cuts, "
            + $"{report.Slots} slots, {report.Effects} effects, {bad} runs with violations, {real.TotalSeconds:0} s");
        return bad;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
