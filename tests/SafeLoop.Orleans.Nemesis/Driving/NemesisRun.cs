using ClusterNemesis.Judging;
using LocalServers;

namespace ClusterNemesis.Driving;

/// <summary>
/// One run on one store: four silos share two hundred keys, bursts of faults come between pauses, and in every pause all loops
/// must run again.
/// </summary>
public static class NemesisRun
{
    /// <summary>The number of bursts without a result after which a run ends.</summary>
    private const int LeastBurstsInVain = 12;

    /// <param name="store">postgres or redis.</param>
    /// <param name="seed">Chooses the faults and their order; it does not determine how the threads of the silos run.</param>
    /// <param name="length">
    /// The least duration of the faults. They go on until the run proves something or has found what is broken.
    /// </param>
    /// <param name="broken">What is broken on purpose.</param>
    /// <param name="logFile">Where the log is written; null: nowhere.</param>
    public static async Task<Report> RunAsync(
        string store, int seed, TimeSpan length, Broken broken = Broken.Nothing, string? logFile = null)
    {
        using LocalServer shards = store == "postgres" ? new PostgresServer() : new RedisServer();
        using var members = new RedisServer();
        shards.Start();
        members.Start();
        using var judge = new Judge();
        var random = new Random(seed);
        var silos = Enumerable.Range(1, Plan.Silos)
            .Select(number => new SiloProcess(
                $"s{number}", store, shards, members, judge, broken, Plan.LargestShift * ((random.NextDouble() * 2) - 1)))
            .ToArray();
        try
        {
            foreach (var silo in silos)
                silo.Start();
            var recovery = new Recovery(judge, silos);
            await recovery.SeeAllRunAsync(since: TimeSpan.Zero);

            var (faults, begin) = (new Faults(random, silos, shards, judge), judge.Now);
            for (var bursts = 0; !IsEnough(bursts, judge.Now - begin); bursts++)
            {
                // Each kind of loss of an owner once, whatever is drawn.
                await (bursts switch
                {
                    0 => faults.FreezeAsync(silos[0], Plan.Lease * 2),
                    1 => faults.KillAsync(silos[1]),
                    2 => faults.StopAsync(silos[2]),
                    _ => faults.BurstAsync(),
                });
                await recovery.SeeAllRunAsync(judge.Now);
            }
            await Task.WhenAll(silos.Select(silo => silo.StopAsync()));
        }
        finally
        {
            foreach (var silo in silos)
                silo.Dispose();
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
