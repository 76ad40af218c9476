using SafeLoop.Storage;
using SafeLoop.Tests;

namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>The store with which the core is tested keeps the contract.</summary>
public class MemoryStoreTests : RecurringTaskStoreContract
{
    private readonly VirtualClock _clock = new(VirtualTime.DefaultStart);
    private readonly MemoryDatabase _database;

    public MemoryStoreTests()
        : this(new())
    {
    }

    internal MemoryStoreTests(MemoryRules rules) => _database = new(_clock, rules);

    protected override TimeSpan LostAfter => TimeSpan.FromSeconds(30);

    protected override IRecurringTaskStore CreateStore(int host, TimeProvider hostClock) => _database.CreateStore(hostClock);

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _clock.MoveTo(_clock.GetTimestamp() + time.Ticks);
        return Task.CompletedTask;
    }
}
