using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A store that can never work stops the start of the host. One whose database is down does not.</summary>
public sealed class RegistrationTests
{
    private const string NoServer = "Host=127.0.0.1;Port=1;Username=none;Timeout=1";

    private static readonly Dictionary<string, (Action<IServiceCollection> Add, string Problem)> Wrong = new()
    {
        ["a context that is not registered"] = (
            services => services.AddRecurringTaskStore<AppDbContext>(),
            "AddRecurringTaskStore<AppDbContext>() needs AppDbContext, and it is not registered. Call AddDbContext, "
            + "AddDbContextPool or AddDbContextFactory."),
        ["a context without the tables"] = (
            services => services.AddDbContext<EmptyDbContext>(db => db.UseNpgsql(NoServer))
                .AddRecurringTaskStore<EmptyDbContext>(),
            "The model of EmptyDbContext has no tables of recurring tasks. Call modelBuilder.AddRecurringTasks() in "
            + "OnModelCreating, and add a migration."),
        ["a context without a provider"] = (
            services => services.AddDbContext<AppDbContext>().AddRecurringTaskStore<AppDbContext>(),
            "AddRecurringTaskStore<AppDbContext>() needs a relational database, and AppDbContext has no provider. Call "
            + "UseSqlite, UseNpgsql or UseSqlServer in AddDbContext, AddDbContextPool or AddDbContextFactory."),
        ["a context in memory"] = (
            services => services.AddDbContext<AppDbContext>(db => db.UseInMemoryDatabase("none"))
                .AddRecurringTaskStore<AppDbContext>(),
            "AddRecurringTaskStore needs a relational database, and Microsoft.EntityFrameworkCore.InMemory is none. Call "
            + "UseSqlite, UseNpgsql or UseSqlServer."),
        ["no provider"] = (
            services => services.AddRecurringTaskStore(db => { }),
            "AddRecurringTaskStore needs a relational database, and its options have no provider. Call UseSqlite, UseNpgsql "
            + "or UseSqlServer."),
        ["EF Core in memory"] = (
            services => services.AddRecurringTaskStore(db => db.UseInMemoryDatabase("none")),
            "AddRecurringTaskStore needs a relational database, and Microsoft.EntityFrameworkCore.InMemory is none. Call "
            + "UseSqlite, UseNpgsql or UseSqlServer."),
        ["an open connection"] = (
            services => services.AddRecurringTaskStore(db => db.UseSqlite(new SqliteConnection("Data Source=:memory:"))),
            "AddRecurringTaskStore cannot share one open DbConnection, because it works concurrently. Give UseSqlite, UseNpgsql "
            + "or UseSqlServer a connection string or a data source instead."),
        ["SQLite in memory"] = (
            services => services.AddRecurringTaskStore(db => db.UseSqlite("Data Source=:memory:")),
            "AddRecurringTaskStore opens several connections, and each of 'Data Source=:memory:' would have a database of its "
            + "own. Give UseSqlite the path of a file, such as Data Source=safeloop.db."),
    };

    public static TheoryData<string> Names => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_registration_that_cannot_work_stops_the_start(string name)
    {
        using var host = Build(Wrong[name].Add);

        var error = await Assert.ThrowsAsync<InvalidRecurringTaskException>(() => host.StartAsync());
        Assert.Equal(Wrong[name].Problem, Assert.Single(error.Problems));
    }

    [Theory]
    [InlineData("", "Data Source=")]
    [InlineData("Data Source=", "Data Source=")]
    [InlineData("Filename=none;Mode=Memory;Password=secret", "Data Source=none;Mode=Memory")]
    [InlineData("DataSource=file::memory:", "Data Source=file::memory:")]
    [InlineData("Data Source=file:none?mode=memory", "Data Source=file:none?mode=memory")]
    public async Task A_database_of_SQLite_that_belongs_to_one_connection_stops_the_start(string connectionString, string quoted)
    {
        using var host = Build(services => services.AddRecurringTaskStore(db => db.UseSqlite(connectionString)));

        var error = await Assert.ThrowsAsync<InvalidRecurringTaskException>(() => host.StartAsync());
        Assert.StartsWith(
            $"AddRecurringTaskStore opens several connections, and each of '{quoted}' would have a database of its own.",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_problems_are_reported_at_once()
    {
        using var host = Build(services => services.AddRecurringTaskStore(db => { })
            .AddSingleton(new StoreRetention { Successes = TimeSpan.Zero, Totals = TimeSpan.FromDays(-1) })
            .AddRecurringTask("poll", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.Zero));

        var error = await Assert.ThrowsAsync<InvalidRecurringTaskException>(() => host.StartAsync());
        Assert.Equal(
            [
                "Recurring task 'poll': Every is 00:00:00. ",
                "StoreRetention.Successes must be positive; it is 00:00:00. Set it to how long the rows are kept, such as "
                + "3.00:00:00, or to TimeSpan.MaxValue to keep them for ever.",
                "StoreRetention.Totals must be positive; it is -1.00:00:00. Set it to how long the rows are kept, such as "
                + "400.00:00:00, or to TimeSpan.MaxValue to keep them for ever.",
                "AddRecurringTaskStore needs a relational database",
            ],
            error.Problems.Zip([42, 999, 999, 49]).Select(pair => pair.First[..Math.Min(pair.Second, pair.First.Length)]));
    }

    [Fact]
    public async Task A_database_that_is_down_does_not_stop_the_start()
    {
        using var host = Build(services => services.AddDbContext<AppDbContext>(db => db.UseNpgsql(NoServer))
            .AddRecurringTaskStore<AppDbContext>());

        await host.StartAsync();
        await host.StopAsync();
    }

    [Fact]
    public async Task An_application_that_waits_for_its_secret_starts()
    {
        using var host = Build(services => services.AddRecurringTaskStore(
            db => throw new InvalidOperationException("The secret is not there yet.")));

        await host.StartAsync();
        await host.StopAsync();
    }

    private static IHost Build(Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        add(builder.Services);
        return builder.Build();
    }
}
