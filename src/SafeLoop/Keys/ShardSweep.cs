namespace SafeLoop;

/// <summary>Ends the loops of closed shards. One pass over all rows serves all shards that wait for it.</summary>
/// <remarks>
/// <para>
/// A host that leaves closes thousands of shards at once. A pass for each would visit all rows thousands of times.
/// </para>
/// <para>Thread-safe. The passes run on a thread of the pool, because the text of keys and observers are user code.</para>
/// </remarks>
internal sealed class ShardSweep(KeyGroup group, IMovingLoops loops, ShardTable table)
{
    private readonly Lock _gate = new();
    private List<ClosedShard> _waiting = [];
    private bool _isRunning;

    /// <summary>Ends the loops of a shard, which is closed already, so that no loop is added to it any more.</summary>
    public void Add(ClosedShard shard)
    {
        lock (_gate)
        {
            _waiting.Add(shard);
            if (_isRunning)
                return;
            _isRunning = true;
        }
        group.Environment.Pacemaker.Dispatch(new WorkItem(Run));
    }

    private void Run()
    {
        while (TakeWaiting() is { Count: > 0 } shards)
            Sweep(shards.ToDictionary(static shard => shard.Shard.Ownership));
    }

    private List<ClosedShard> TakeWaiting()
    {
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = [];
            _isRunning = taken.Count > 0;
            return taken;
        }
    }

    // Parked loops end without an event each, and their slots are not recorded: another host runs them.
    private void Sweep(Dictionary<ShardOwnership, ClosedShard> shards)
    {
        ShardLoops.Visit(
            group.Rows,
            shard => shard is { IsClosed: true } && shards.ContainsKey(shard),
            (loop, shard) => shards[shard!].End(loop, loops));
        foreach (var shard in shards.Values)
        {
            table.Remove(shard.Shard);
            shard.OnEmptied();
        }
    }
}
