namespace SafeLoop.Locks.Tests.Shards;

/// <summary>Knows which host believes that it owns which shard, on one clock, and fails when two do.</summary>
internal sealed class ShardJudge
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, (JudgedHost Owner, long Epoch)> _owners = [];

    public int Takes { get; private set; }

    public int Losses { get; private set; }

    /// <summary>A host was told that it has taken a shard.</summary>
    public void OnTaken(JudgedHost host, int shard, long epoch)
    {
        lock (_gate)
        {
            if (_owners.TryGetValue(shard, out var before))
            {
                Assert.True(epoch > before.Epoch, $"Shard {shard}: the epoch {epoch} does not come after {before.Epoch}.");
                Assert.False(
                    before.Owner != host && before.Owner.Owned.Contains(shard) && before.Owner.IsValid,
                    $"Shard {shard}: {host} has taken it, and {before.Owner} still owns it.");
                Losses += before.Owner.Owned.Remove(shard) && before.Owner != host ? 1 : 0;
            }
            _owners[shard] = (host, epoch);
            host.Owned.Add(shard);
            Takes++;
        }
    }

    /// <summary>A host was told that its lease was renewed, and still relied on it.</summary>
    public void OnRenewed(JudgedHost host, long asked)
    {
        lock (_gate)
        {
            if (!host.IsValid)
                return;
            foreach (var shard in host.Owned)
                Assert.True(_owners[shard].Owner == host, $"{host} was renewed, and {_owners[shard].Owner} has shard {shard}.");
            host.Renewed = asked;
        }
    }

    /// <summary>A host gives a shard away, before it asks the store.</summary>
    public long OnGiving(JudgedHost host, int shard)
    {
        lock (_gate)
        {
            host.Owned.Remove(shard);
            return _owners[shard].Epoch;
        }
    }

    public int[] OwnedBy(JudgedHost host)
    {
        lock (_gate)
            return [.. host.Owned];
    }
}
