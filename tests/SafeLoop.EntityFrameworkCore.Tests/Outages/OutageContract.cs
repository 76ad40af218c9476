using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>
/// What a host does while its database cannot be used, on each database: log and health have a sentence, loops go on, and
/// nothing is lost.
/// </summary>
public abstract class OutageContract(TestDatabase database) : IAsyncLifetime
{
    protected TestDatabase Database => database;

    [Fact]
    public async Task A_foreign_table_of_the_same_name_is_left_alone_until_it_is_renamed()
    {
        await ExecuteAsync("CREATE TABLE safeloop_loop (mine integer)");
        await using var host = await OutageHost.StartAsync(database.Use);

        await BeginsLaterAsync(
            host,
            "The store cannot be used: The tables of recurring tasks cannot be created, because the table 'safeloop_loop' "
            + "exists and the table of their version does not. Rename it, or give AddRecurringTaskStore another prefix "
            + "or schema. The steps of tasks with SurviveRestarts do not run; other loops go on without it. SafeLoop tries again "
            + "once a minute.",
            () => ExecuteAsync("ALTER TABLE safeloop_loop RENAME TO mine"));
        await ExecuteAsync("INSERT INTO mine (mine) VALUES (1)");
    }

    [Theory]
    [InlineData(0, 0, "Upgrade the tables as its release notes say.")]
    [InlineData(3, 2, "made for version 2 or later")]
    public async Task Tables_of_a_version_that_cannot_be_used_are_used_after_the_migration(
        int version, int oldest, string sentence)
    {
        await database.CreateStore().ConnectAsync();
        await SetVersionAsync(version, oldest);
        await using var host = await OutageHost.StartAsync(database.Use);

        await BeginsLaterAsync(host, sentence, () => SetVersionAsync(1, 1));
    }

    [Fact]
    public async Task Tables_that_are_migrated_to_a_newer_version_are_used_on_if_that_supports_this_one()
    {
        await using var old = await OutageHost.StartAsync(database.Use);
        await old.AdvanceUnharmedAsync(2);
        await SetVersionAsync(2, 1);
        foreach (var table in (string[])["history", "loop", "claim", "instance", "total", "task"])
            await ExecuteAsync($"ALTER TABLE safeloop_{table} ADD COLUMN shard integer NULL");
        await old.AdvanceUnharmedAsync(3);

        old.AssertNothingLogged();
        await old.AssertHealthyAsync();
        await old.StopAndAssertCompleteAsync(database);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_database_whose_clock_is_an_hour_off_changes_nothing(int hours)
    {
        await using var host = await OutageHost.StartAsync(database.Use, services => services.AddSingleton<IDatabaseClock>(
            provider => new VirtualDatabaseClock(
                new ShiftedTime(provider.GetRequiredService<TimeProvider>(), TimeSpan.FromHours(hours)))));
        await host.AdvanceUnharmedAsync(10);

        host.AssertNothingLogged();
        await host.AssertHealthyAsync();
        Assert.Equal(11, host.Reports.Count);
        await host.StopAndAssertCompleteAsync(database);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await database.DisposeAsync();

    /// <summary>The database cannot be used from the start of the host until it is repaired.</summary>
    private protected async Task BeginsLaterAsync(OutageHost host, string sentence, Func<Task> repair)
    {
        await host.AdvanceUnharmedAsync(3);
        await host.AssertDegradedAsync(sentence);
        Assert.Empty(host.Reports); // waits for the store
        await repair();
        await host.AdvanceUnharmedAsync(3);

        await host.AssertHealthyAsync();
        Assert.NotEmpty(host.Reports);
        await host.StopAndAssertCompleteAsync(database);
    }

    /// <summary>The database can be used at first, and again after it was repaired.</summary>
    /// <param name="host">The host.</param>
    /// <param name="sentence">A part of what log and health say.</param>
    /// <param name="destroy">Makes it unusable.</param>
    /// <param name="repair">Makes it usable again.</param>
    /// <param name="canClaim">False: slots cannot be claimed meanwhile, so "report" does not run.</param>
    private protected async Task FailsMeanwhileAsync(
        OutageHost host, string sentence, Func<Task> destroy, Func<Task> repair, bool canClaim = false)
    {
        await host.AdvanceUnharmedAsync(2);
        var reports = host.Reports.Count;
        await destroy();
        await host.AdvanceUnharmedAsync(3);
        await host.AdvanceUntilDegradedAsync(sentence);
        await host.AssertDegradedAsync(sentence);
        if (!canClaim)
            Assert.Equal(reports, host.Reports.Count);
        await repair();
        await host.AdvanceUnharmedAsync(3);
        await host.AdvanceUntilSoundAsync();
        for (var minute = 0; minute < 10 && host.Reports.Count == reports; minute++)
            await host.AdvanceUnharmedAsync(1); // on a busy machine the answer to a claim may take longer than that

        Assert.True(host.Reports.Count > reports);
        await host.StopAndAssertCompleteAsync(database);
    }

    protected async Task ExecuteAsync(string sql) => await database.ReadAsync(db => db.Database.ExecuteSqlRawAsync(sql));

    private async Task SetVersionAsync(int version, int oldest) => await database.ReadAsync(db => db.Set<SchemaRow>()
        .ExecuteUpdateAsync(set => set.SetProperty(s => s.Version, version).SetProperty(s => s.OldestVersion, oldest)));
}
