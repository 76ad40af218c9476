namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>A store in memory, in virtual time, that keeps the contract.</summary>
public class MemoryShardStoreTests : ShardStoreContract
{
    private readonly MemoryShards _shards;

    public MemoryShardStoreTests()
        : this(null)
    {
    }

    internal MemoryShardStoreTests(ShardStoreDefect? defect) => _shards = new(defect);

    protected override int Rounds => 50;

    protected override IShardStore CreateStore(string application, int client) => new MemoryShardStore(_shards, application);

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _shards.Now += time;
        return Task.CompletedTask;
    }
}
