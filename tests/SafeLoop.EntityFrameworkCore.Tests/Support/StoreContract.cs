using Microsoft.EntityFrameworkCore;

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

    protected override async ValueTask<IReadOnlyList<HistoryGap>> ReadGapsAsync(IRecurringTaskStore store)
    {
        var application = ApplicationOf(store);
        var rows = await database.ReadAsync(db => db.Set<GapRow>()
            .Where(g => g.Application == application).OrderBy(g => g.Id).ToListAsync());
        return [.. rows.Select(row => new HistoryGap
        {
            From = Micros.ToInstant(row.FirstEnded),
            To = Micros.ToInstant(row.LastEnded),
            Missing = new()
            {
                Succeeded = row.Succeeded,
                Failed = row.Failed,
                TimedOut = row.TimedOut,
                Interrupted = row.Interrupted,
                Skipped = row.Skipped,
            },
        })];
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await database.DisposeAsync();

    private static string ApplicationOf(IRecurringTaskStore store) => ((EntityFrameworkTaskStore)store).Application;
}
