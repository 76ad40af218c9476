using LocalServers;
using Nemesis.Judging;

namespace Nemesis.Driving;

/// <summary>
/// One run on one back-end: six workers share two hundred tasks, bursts of faults come between pauses, and in every pause all
/// tasks must run again.
/// </summary>
public static class NemesisRun
{
    /// <summary>The number of bursts without a result after which a run ends.</summary>
    private const int LeastBurstsInVain = 20;

    /// <param name="store">postgres or redis.</param>
    /// <param name="seed">Chooses the faults and their order; it does not determine how the threads of the workers run.</param>
    /// <param name="length">
    /// The least duration of the faults. They go on until the run proves something or has found what is broken.
    /// </param>
    /// <param name="broken">What is broken on purpose.</param>
    /// <param name="logFile">Where the log is written; null: nowhere.</param>
    /// <param name="replicas">How many workers; at least four.</param>
    public static async Task<Report> RunAsync(
        string store,
        int seed,
        TimeSpan length,
        Broken broken = Broken.Nothing,
        string? logFile = null,
        int replicas = Plan.Workers)
    {
        using LocalServer server = store == "postgres" ? new PostgresServer() : new RedisServer();
        server.Start();
        using var judge = new Judge(checksTokens: broken is not Broken.Fencing);
        var random = new Random(seed);
        var workers = Enumerable.Range(1, replicas)
            .Select(number => new WorkerProcess(
                $"w{number}", store, server, judge, broken, Plan.LargestShift * ((random.NextDouble() * 2) - 1)))
            .ToArray();
        try
        {
            foreach (var worker in workers)
                worker.Start();
            var recovery = new Recovery(judge, workers);
            await recovery.SeeAllRunAsync(since: TimeSpan.Zero);

            var (faults, begin) = (new Faults(random, workers, server, judge), judge.Now);
            for (var bursts = 0; !IsEnough(bursts, judge.Now - begin); bursts++)
            {
                await faults.BurstAsync();
                await recovery.SeeAllRunAsync(judge.Now);
            }
            await Task.WhenAll(workers.Select(worker => worker.StopAsync()));
        }
        finally
        {
            foreach (var worker in workers)
                worker.Dispose();
        }

        var log = judge.Log;
        if (logFile is not null)
            await File.WriteAllLinesAsync(logFile, log.Select(entry => entry.ToString()));
        return Report.Of(store, seed, log);

        bool IsEnough(int bursts, TimeSpan past) => broken is Broken.Nothing
            ? past >= length && (bursts >= LeastBurstsInVain || Report.Of(store, seed, judge.Log).ProvesSomething)
            : Checker.HasFound(judge.Log) || (past >= length && bursts >= LeastBurstsInVain);
    }
}
