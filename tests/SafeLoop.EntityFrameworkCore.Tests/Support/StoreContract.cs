namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>The contract of a store over a database whose clock the test moves.</summary>
public abstract class StoreContract(TestDatabase database) : RecurringTaskStoreContract, IAsyncLifetime
{
    protected override TimeSpan LostAfter => TimeSpan.FromSeconds(30);

    protected override IRecurringTaskStore CreateStore(int host, TimeProvider hostClock) => database.CreateStore(hostClock);

    protected override Task AdvanceAsync(TimeSpan time)
    {
        database.Clock.Advance(time);
        return Task.CompletedTask;
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await database.DisposeAsync();
}
