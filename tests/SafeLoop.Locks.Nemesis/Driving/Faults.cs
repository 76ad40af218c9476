using LocalServers;
using Nemesis.Judging;

namespace Nemesis.Driving;

/// <summary>What can go wrong. Each fault is over when its task ends.</summary>
internal sealed class Faults(Random random, IReadOnlyList<WorkerProcess> workers, LocalServer server, Judge judge)
{
    /// <summary>One to three at the same time; those that concern the server one after the other.</summary>
    public async Task BurstAsync()
    {
        var victims = workers.ToArray();
        random.Shuffle(victims);
        var faults = new List<Task>();
        for (var n = random.Next(1, 4); n > 0; n--)
            faults.Add(OfWorkerAsync(victims[n], random.Next(6)));
        if (random.Next(2) == 0)
            faults.Add(OfServerAsync(random.Next(3)));
        await Task.WhenAll(faults);
    }

    private async Task OfWorkerAsync(WorkerProcess worker, int fault)
    {
        var shift = TimeSpan.FromMilliseconds(random.Next(-300_000, 300_001)); // drawn always: a seed is one sequence
        var longerThanTheLease = Plan.Lease + TimeSpan.FromSeconds(2 + (random.NextDouble() * 6));
        switch (fault)
        {
            case 0:
                Note(worker.Life, Entry.Killed);
                await worker.KillAsync();
                worker.Start();
                break;
            case 1:
                Note(worker.Life, $"SIGSTOP for {longerThanTheLease}");
                worker.Signal("STOP");
                await WaitAsync(longerThanTheLease);
                worker.Signal("CONT");
                break;
            case 2:
                Note(worker.Life, "SIGTERM");
                await worker.StopAsync();
                worker.Start();
                break;
            case 3:
                Note(worker.Life, "connections cut");
                worker.Network.Cut();
                break;
            case 4:
                Note(worker.Life, $"network stalled for {longerThanTheLease}");
                worker.Network.Stall();
                await WaitAsync(longerThanTheLease);
                worker.Network.Resume();
                break;
            default:
                Note(worker.Life, $"clock set to {shift} beside the true time");
                worker.Shift(shift);
                break;
        }
    }

    private async Task OfServerAsync(int fault)
    {
        switch (fault)
        {
            case 0:
                Note("server", "restarted");
                server.Stop();
                server.Start();
                break;
            case 1:
                Note("server", "SIGKILL, and down for two seconds");
                server.Kill();
                await WaitAsync(TimeSpan.FromSeconds(2));
                server.Start();
                break;
            default:
                Note("server", "all connections cut");
                foreach (var worker in workers)
                    worker.Network.Cut();
                break;
        }
    }

    private void Note(string whom, string what) => judge.Note(EntryKind.Fault, whom, what);

    private static Task WaitAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);
}
