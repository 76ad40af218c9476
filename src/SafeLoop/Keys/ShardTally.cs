namespace SafeLoop;

/// <summary>Counts up how far the loops of one shard have come, row by row.</summary>
/// <param name="now">Before the first row was visited. Loops that are added later have no earlier slots.</param>
/// <remarks>
/// <para>
/// A slot is done when it has an outcome. All slots of a parked loop before its next one are done, and so are those of a loop
/// in a runner before the slot with which it left its row or was last idle. The visit is not atomic, and need not be: how far a
/// loop has come never decreases while the clock is not set back.
/// </para>
/// </remarks>
internal sealed class ShardTally(Instant now)
{
    /// <summary>The instant up to which all slots are done.</summary>
    public Instant DoneUntil { get; private set; } = now;

    /// <summary>Changes when a key ends, is paused or resumed, or is added or removed by hand.</summary>
    public ulong Exceptions { get; private set; }

    /// <summary>Adds the loop in a row.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="row">Its row.</param>
    /// <param name="runner">Until when its slots are done, and whether it is paused, in its runner; null: it is parked.</param>
    public void Add(LoopId loop, in LoopRow row, (Instant DoneUntil, bool IsPaused)? runner)
    {
        if (row.State is KeyedLoopState.Removed)
            return;
        if (row.State is not KeyedLoopState.Ended)
            Limit(runner?.DoneUntil ?? LoopPlan.DoneUntil(row.Saved));
        var isPaused = runner?.IsPaused ?? row.Saved.IsPaused;
        if (row is { End: null, IsFromSource: true } && !isPaused)
            return;
        var end = row.End is { } reason ? (int)reason + 1 : 0;
        var what = ((ulong)end << 2) | (isPaused ? 2u : 0) | (row.IsFromSource ? 0u : 1);
        Exceptions += Mix(((ulong)(uint)loop.Row << 32) | (uint)loop.Generation, what); // a sum does not depend on the order
    }

    /// <summary>Accounts for slots that may not be done.</summary>
    public void Limit(Instant done) => DoneUntil = Instant.Min(DoneUntil, done);

    private static ulong Mix(ulong one, ulong other)
    {
        var hash = (one ^ (other * 0x9e3779b97f4a7c15UL)) * 0xff51afd7ed558ccdUL;
        return (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
    }
}
