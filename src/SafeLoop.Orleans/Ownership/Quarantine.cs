using System.Collections.Concurrent;

namespace SafeLoop;

/// <summary>Keeps shards closed whose owners were lost again and again soon after they took them.</summary>
/// <remarks>Thread-safe. Without it, one key whose step ends its process could end all hosts of a cluster in turn.</remarks>
internal sealed class Quarantine(RecurringTaskClusterOptions options)
{
    private const int LeasesSurvived = 10; // an owner that lived longer was not ended by a shard that it had just opened

    private readonly ConcurrentDictionary<ShardId, int> _closed = [];

    /// <summary>The shards that this host does not open, with the number of their lost owners.</summary>
    public IReadOnlyDictionary<ShardId, int> Closed => _closed;

    /// <summary>Counts how many owners in a row were lost soon after they had taken the shard.</summary>
    /// <param name="shard">The shard, which has no live owner or is owned by this host.</param>
    /// <param name="isOwnerBack">True: the process of its owner has not crashed, but has lost its lease.</param>
    public int CountLosses(StoredShard shard, bool isOwnerBack)
    {
        if (shard.Lease == 0 || isOwnerBack)
            return shard.Losses;
        return IsSuspect(shard.OwnedFor) ? shard.Losses + 1 : 1;
    }

    /// <summary>Counts the same for a shard that this host gives away.</summary>
    /// <remarks>
    /// A planned move soon after the take keeps the count. Shards are balanced anew after each loss, so a shard that ends its
    /// owners is also moved between its losses.
    /// </remarks>
    /// <param name="losses">The count when this host took the shard.</param>
    /// <param name="ownedFor">How long this host has owned it.</param>
    public int CountOfGiven(int losses, TimeSpan ownedFor) => IsSuspect(ownedFor) ? losses : 0;

    /// <summary>Finds out whether a shard must stay closed for now.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="losses">The number of its lost owners.</param>
    /// <param name="isNew">True when it was not in quarantine before.</param>
    /// <returns>How long it must stay closed; zero: it may be taken.</returns>
    public TimeSpan CloseFor(StoredShard shard, int losses, out bool isNew)
    {
        isNew = false;
        var left = options.QuarantineFor - shard.GoneFor;
        if (shard.Lease == 0 || losses < options.QuarantineAfter || left <= TimeSpan.Zero)
        {
            Release(shard.Id);
            return TimeSpan.Zero;
        }
        isNew = _closed.TryAdd(shard.Id, losses);
        return left;
    }

    /// <summary>Forgets all shards but these, because other hosts should own the others now.</summary>
    public void Retain(IEnumerable<ShardId> wanted)
    {
        if (_closed.IsEmpty)
            return;
        foreach (var shard in _closed.Keys.Except(wanted))
            Release(shard);
    }

    /// <summary>Forgets a shard, because this host or another one has opened it.</summary>
    public void Release(ShardId shard) => _closed.TryRemove(shard, out _);

    private bool IsSuspect(TimeSpan ownedFor) => ownedFor < options.LeaseLength * LeasesSurvived;
}
