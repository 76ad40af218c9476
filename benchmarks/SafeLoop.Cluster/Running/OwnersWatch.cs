using StackExchange.Redis;

namespace SafeLoop.Cluster.Running;

/// <summary>Looks at the owners of all shards every 50 ms.</summary>
/// <param name="store">The store of the cluster.</param>
/// <param name="shards">The number of shards.</param>
/// <param name="live">The names of the silos that should run loops now.</param>
internal sealed class OwnersWatch(IShardStore store, int shards, Func<IReadOnlyCollection<string>> live) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<ShardId, long> _epochs = [];
    private Task? _watching;
    private long _began, _ownedAt, _movedAt;
    private bool _isOwned, _isMarked, _isBalanced;
    private int _looks;

    /// <summary>How long after the fault all shards were owned by live silos for good; null: they are not.</summary>
    public TimeSpan? OwnedAfter => _isOwned ? After(_ownedAt) : null;

    /// <summary>How long after the fault a shard got an owner for the last time.</summary>
    public TimeSpan MovedAfter => After(_movedAt);

    /// <summary>How often shards got an owner since the watch began.</summary>
    public int Moves { get; private set; }

    /// <summary>Begins to look. Returns after the first look.</summary>
    public async Task StartAsync()
    {
        _began = TimeProvider.System.GetTimestamp();
        await LookAsync();
        _watching = WatchAsync();
    }

    /// <summary>Counts times from now.</summary>
    public void Begin() => (_began, _ownedAt, _movedAt) = (TimeProvider.System.GetTimestamp(), 0, 0);

    /// <summary>Keeps <see cref="OwnedAfter"/> as it is: what follows is another event.</summary>
    public void Mark() => _isMarked = true;

    /// <summary>Waits until all shards are owned by live silos, and each of them has at least half of its share.</summary>
    public async Task WaitAsync()
    {
        var (began, next) = (TimeProvider.System.GetTimestamp(), _looks + 2); // the present one may have begun before the fault
        while ((!_isBalanced || _looks < next) && TimeProvider.System.GetElapsedTime(began) < Patience)
            await Task.Delay(Pause);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_watching is not null)
            await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await LookAsync();
            }
            catch (Exception error) when (error is RedisException or TimeoutException) // the server is frozen
            {
                _isBalanced = false;
            }
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync()
    {
        var names = live();
        var owners = await store.ReadOwnersAsync(null, CancellationToken.None);
        var now = TimeProvider.System.GetTimestamp();
        var isFirst = _epochs.Count == 0;
        var moved = owners.Count(owner => _epochs.GetValueOrDefault(owner.Id) != owner.Epoch);
        foreach (var owner in owners)
            _epochs[owner.Id] = owner.Epoch;
        if (!isFirst && moved > 0)
            (Moves, _movedAt) = (Moves + moved, now);
        _looks++;

        var owned = owners.Where(owner => owner.IsOwned).CountBy(owner => owner.Owner!)
            .Where(owner => names.Contains(owner.Key)).ToArray();
        var isOwned = owned.Sum(owner => owner.Value) == shards;
        _isBalanced = isOwned && owned.Length == names.Count && owned.All(owner => owner.Value >= shards / names.Count / 2);
        if (_isMarked)
            return;
        if (isOwned && !_isOwned)
            _ownedAt = now;
        _isOwned = isOwned;
    }

    private TimeSpan After(long timestamp) =>
        timestamp <= _began ? TimeSpan.Zero : TimeProvider.System.GetElapsedTime(_began, timestamp);
}
