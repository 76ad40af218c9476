using LocalServers;
using Nemesis.Judging;

namespace Nemesis.Driving;

/// <summary>One run on one back-end: six workers share two hundred tasks, bursts of faults come between pauses, and in every pause all tasks must run again.</summary>
public static class NemesisRun
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <param name="store">postgres or redis.</param>
    /// <param name="seed">Chooses the faults and their order; the threads of the workers are chosen by nobody.</param>
    /// <param name="length">How long faults are made.</param>
    /// <param name="broken">What is broken on purpose.</param>
    /// <param name="logFile">Where the log is written; null: nowhere.</param>
    /// <param name="replicas">How many workers; at least four.</param>
    public static async Task<Report> RunAsync(string store, int seed, TimeSpan length, Broken broken = Broken.Nothing, string? logFile = null, int replicas = Plan.Workers)
    {
        using LocalServer server = store == "postgres" ? new PostgresServer() : new RedisServer();
        server.Start();
        using var judge = new Judge(checksTokens: broken is not Broken.Fencing);
        var random = new Random(seed);
        var workers = Enumerable.Range(1, replicas)
            .Select(number => new WorkerProcess($"w{number}", store, server, judge, broken, Plan.LargestShift * ((random.NextDouble() * 2) - 1)))
            .ToArray();
        try
        {
            foreach (var worker in workers)
                worker.Start();
            await SeeAllRunAsync(judge, TimeSpan.Zero, Plan.FirstRuns);
            if (broken is Broken.Nothing || !Checker.HasFound(judge.Log))
                await TormentAsync(new Faults(random, workers, server, judge), judge, length, broken);
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
    }

    private static async Task TormentAsync(Faults faults, Judge judge, TimeSpan length, Broken broken)
    {
        var begin = judge.Now;
        do
        {
            await faults.BurstAsync();
            await SeeAllRunAsync(judge, judge.Now, Plan.Recovery);
        }
        while (judge.Now - begin < length && (broken is Broken.Nothing || !Checker.HasFound(judge.Log)));
    }

    /// <summary>Waits until every task whose slots each worker counts for itself has completed an iteration. Slots of a calendar may have been run ahead by a clock that is fast.</summary>
    private static async Task SeeAllRunAsync(Judge judge, TimeSpan since, TimeSpan limit)
    {
        var missing = Plan.Names.Where(task => !Plan.IsCron(task)).ToHashSet();
        for (var seen = 0; missing.Count > 0 && judge.Now - since < limit; await Task.Delay(Look, TimeProvider.System))
        {
            var log = judge.Log;
            foreach (var entry in log.Skip(seen).Where(entry => entry is { Kind: EntryKind.Write, Text: Entry.Accepted } && entry.At >= since))
                missing.Remove(entry.Task);
            seen = log.Length;
        }

        foreach (var task in missing)
            judge.Note(EntryKind.Recovered, "-", $"within {limit} from {since}", task);
        if (since > TimeSpan.Zero)
            judge.Note(EntryKind.Recovered, "-", (judge.Now - since).ToString());
    }
}
