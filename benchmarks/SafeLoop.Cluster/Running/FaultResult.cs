using ClusterSample;

namespace SafeLoop.Cluster.Running;

/// <summary>What a fault has done.</summary>
/// <param name="Fault">The id of the fault.</param>
/// <param name="Owned">When all shards were owned by live silos again, since the fault or its end; null: not at all.</param>
/// <param name="Moved">When a shard got an owner for the last time.</param>
/// <param name="Shares">How many shards got an owner, in fair shares of a silo.</param>
/// <param name="ExtraGap">The longest time between two runs of a key, less the period.</param>
/// <param name="Lost">Slots that have not run.</param>
/// <param name="Doubled">Slots that have run more than once.</param>
internal sealed record FaultResult(
    string Fault, TimeSpan? Owned, TimeSpan Moved, double Shares, TimeSpan ExtraGap, long Lost, long Doubled)
{
    private const int SlotsOfMost = 12;

    /// <summary>True when the notes of a session have room for another fault.</summary>
    public static bool HasRoom(Session session) => session.Slot + SlotsOfMost < RunFile.Slots;

    public static async Task<FaultResult> MeasureAsync(Session session, Fault fault, int shards)
    {
        await session.PrepareAsync(fault.Silos);
        var from = session.Slot - 1; // all loops have run in it
        var (owned, moved, moves) = await HappenAsync(session, fault);
        var until = session.Slot + 1;
        await session.WaitForSlotAsync(until);
        var report = session.Report(from, until);
        return new(
            fault.Id,
            owned,
            moved,
            moves / ((double)shards / ClusterOptions.Silos),
            report.LongestGap - UpdateDevice.Period,
            report.Lost,
            report.Doubled);
    }

    private static async Task<(TimeSpan? Owned, TimeSpan Moved, int Moves)> HappenAsync(Session session, Fault fault)
    {
        await using var watch = await session.WatchAsync();
        await fault.HappenAsync(session, watch);
        await watch.WaitAsync();
        await session.WaitForSlotAsync(session.Slot); // for what moves late
        return (watch.OwnedAfter, watch.MovedAfter, watch.Moves);
    }
}
