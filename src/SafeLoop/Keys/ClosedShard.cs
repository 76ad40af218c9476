namespace SafeLoop;

/// <summary>A shard that was closed or lost, and whose loops must end.</summary>
/// <param name="group">What all loops of the task share.</param>
/// <param name="shard">The shard.</param>
/// <param name="request">How its loops end.</param>
/// <param name="closing">Collects the state of its loops; null: it is lost.</param>
internal sealed class ClosedShard(KeyGroup group, OpenShard shard, StopRequest request, ShardClosing? closing)
{
    private int _ended;

    public OpenShard Shard => shard;

    /// <summary>Ends a loop of the shard.</summary>
    public void End(LoopId loop, IMovingLoops loops)
    {
        closing?.Expect(loop);
        if (loops.Move(loop, closing is { IsLost: true } ? StopRequest.Lost : request))
            _ended++;
        else
            closing?.Forget(loop);
    }

    /// <summary>Called when all loops of the shard were ended, and it was removed.</summary>
    public void OnEmptied()
    {
        shard.MarkEmptied();
        if (closing is not null)
        {
            closing.EndScan();
            return;
        }
        new ShardReports(group.Environment.Observers, group.Name).Publish(
            LoopEventKind.ShardLost,
            shard.Ownership,
            $"{_ended:N0} loops have ended. {shard.Ownership.Lease.LossReason}");
    }
}
