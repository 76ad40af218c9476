using ClusterNemesis.Judging;
using LocalServers;

namespace ClusterNemesis.Driving;

/// <summary>What can go wrong. Each fault is over when its task ends.</summary>
internal sealed class Faults(Random random, IReadOnlyList<SiloProcess> silos, LocalServer store, Judge judge)
{
    private const int OfSilo = 8, OfStore = 4;

    /// <summary>One or two silos at the same time, and sometimes the store.</summary>
    public async Task BurstAsync()
    {
        var victims = silos.ToArray();
        random.Shuffle(victims);
        var faults = new List<Task>();
        for (var n = random.Next(1, 3); n > 0; n--)
            faults.Add(OfSiloAsync(victims[n], random.Next(OfSilo)));
        if (random.Next(3) == 0)
            faults.Add(OfStoreAsync(random.Next(OfStore)));
        await Task.WhenAll(faults);
    }

    public async Task KillAsync(SiloProcess silo)
    {
        Note(silo.Life, "SIGKILL");
        await silo.KillAsync();
        silo.Start();
    }

    public async Task FreezeAsync(SiloProcess silo, TimeSpan time)
    {
        Note(silo.Life, $"SIGSTOP for {time}");
        silo.Signal("STOP");
        await WaitAsync(time);
        silo.Signal("CONT");
    }

    public async Task StopAsync(SiloProcess silo)
    {
        Note(silo.Life, Entry.Stopped);
        await silo.StopAsync();
        silo.Start();
    }

    private async Task OfSiloAsync(SiloProcess silo, int fault)
    {
        var shift = Plan.LargestShift * ((random.NextDouble() * 2) - 1); // drawn always: a seed is one sequence
        var longerThanTheLease = Plan.Lease + TimeSpan.FromSeconds(1 + (random.NextDouble() * 6));
        switch (fault)
        {
            case 0:
                await KillAsync(silo);
                break;
            case 1:
                await FreezeAsync(silo, longerThanTheLease);
                break;
            case 2:
                await StopAsync(silo);
                break;
            case 3:
                Note(silo.Life, "connections to the store cut");
                silo.Store.Cut();
                break;
            case 4:
                Note(silo.Life, $"network to the store stalled for {longerThanTheLease}");
                await StallAsync(silo.Store, longerThanTheLease);
                break;
            case 5:
                Note(silo.Life, "connections of other silos cut");
                silo.Silos.Cut();
                break;
            case 6:
                Note(silo.Life, $"network to other silos and the table of members stalled for {longerThanTheLease}");
                await Task.WhenAll(StallAsync(silo.Silos, longerThanTheLease), StallAsync(silo.Members, longerThanTheLease));
                break;
            default:
                Note(silo.Life, $"clock set to {shift} beside the true time");
                silo.Shift(shift);
                break;
        }
    }

    private async Task OfStoreAsync(int fault)
    {
        switch (fault)
        {
            case 0:
                Note("server", "restarted");
                store.Stop();
                store.Start();
                break;
            case 1:
                Note("server", "SIGKILL, and down for two seconds");
                store.Kill();
                await WaitAsync(TimeSpan.FromSeconds(2));
                store.Start();
                break;
            case 2:
                await FreezeStoreAsync(TimeSpan.FromSeconds(2));
                break;
            default:
                await FreezeStoreAsync(TimeSpan.FromSeconds(8));
                break;
        }
    }

    private async Task FreezeStoreAsync(TimeSpan time)
    {
        Note("server", $"frozen for {time}");
        store.Freeze();
        await WaitAsync(time);
        store.Thaw();
    }

    private static async Task StallAsync(TcpProxy network, TimeSpan time)
    {
        network.Stall();
        await WaitAsync(time);
        network.Resume();
    }

    private void Note(string whom, string what) => judge.Note(EntryKind.Fault, whom, what);

    private static Task WaitAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);
}
