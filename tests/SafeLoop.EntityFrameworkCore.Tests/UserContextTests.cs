using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A context of the application owns the tables.</summary>
[Collection(PostgresCollection.Name)]
public sealed class UserContextTests(PostgresCluster cluster) : IAsyncLifetime
{
    private readonly PostgresDatabase _database = cluster.CreateDatabase();
    private readonly ThrowingInterceptor _interceptor = new();

    public static TheoryData<string> Registrations =>
        ["AddDbContext", "AddDbContextPool", "AddDbContextFactory", "AddPooledDbContextFactory"];

    [Theory]
    [MemberData(nameof(Registrations))]
    public async Task A_context_may_be_registered_in_each_way(string registration)
    {
        await CreateTablesAsync<AppDbContext>();
        var store = _database.Create(services =>
        {
            _ = registration switch
            {
                "AddDbContext" => services.AddDbContext<AppDbContext>(Use),
                "AddDbContextPool" => services.AddDbContextPool<AppDbContext>(Use),
                "AddDbContextFactory" => services.AddDbContextFactory<AppDbContext>(Use),
                _ => services.AddPooledDbContextFactory<AppDbContext>(Use),
            };
            services.AddRecurringTaskStore<AppDbContext>();
        });
        _interceptor.IsActive = true;

        await store.RunOneSlotAsync();
    }

    [Fact]
    public async Task Schema_prefix_and_conventions_of_the_context_are_followed()
    {
        _database.Execute("CREATE SCHEMA app; CREATE SCHEMA jobs;");
        await CreateTablesAsync<ConventionalDbContext>();
        await CreateStore<ConventionalDbContext>().RunOneSlotAsync();

        _database.Execute("DO $$ BEGIN ASSERT (SELECT count(*) FROM jobs.loop_history_table) = 1; END $$");
        _database.Execute("DO $$ BEGIN ASSERT (SELECT length(id) FROM jobs.loop_instance_table) = 36; END $$");
    }

    [Fact]
    public async Task A_naming_convention_changes_nothing_or_is_followed()
    {
        void UseUpperCase(DbContextOptionsBuilder options) =>
            options.UseNpgsql(_database.ConnectionString).UseUpperCaseNamingConvention();
        await CreateTablesAsync<AppDbContext>(UseUpperCase);
        var store = _database.Create(services =>
            services.AddDbContext<AppDbContext>(UseUpperCase).AddRecurringTaskStore<AppDbContext>());
        await store.RunOneSlotAsync();
        _database.Execute("SELECT elapsed FROM safeloop_history");

        await using var other = cluster.CreateDatabase();
        await other.Create(services => services.AddRecurringTaskStore(
            db => db.UseNpgsql(other.ConnectionString).UseUpperCaseNamingConvention())).RunOneSlotAsync();
        other.Execute("SELECT elapsed FROM safeloop_history");
    }

    [Fact]
    public async Task A_context_with_lazy_loading_proxies_can_own_the_tables()
    {
        void UseProxies(DbContextOptionsBuilder options) =>
            options.UseNpgsql(_database.ConnectionString).UseLazyLoadingProxies();
        await CreateTablesAsync<AppDbContext>(UseProxies);
        var store = _database.Create(services =>
            services.AddDbContext<AppDbContext>(UseProxies).AddRecurringTaskStore<AppDbContext>());

        await store.RunOneSlotAsync();
    }

    [Fact]
    public async Task Tables_that_no_migration_has_created_are_refused_with_a_sentence()
    {
        Assert.Equal(
            "The table 'safeloop_schema' of recurring tasks is missing. Add a migration (dotnet ef migrations add "
            + "RecurringTasks) and apply it.",
            (await CreateStore<AppDbContext>().RefuseAsync()).Message);
    }

    [Fact]
    public async Task A_context_without_our_tables_in_its_model_is_refused_with_a_sentence()
    {
        Assert.Equal(
            "The model of EmptyDbContext has no tables of recurring tasks. Call modelBuilder.AddRecurringTasks() in "
            + "OnModelCreating, and add a migration.",
            (await CreateStore<EmptyDbContext>().RefuseAsync()).Message);
    }

    [Fact]
    public async Task A_context_that_is_not_registered_is_refused_with_a_sentence()
    {
        var store = _database.Create(services => services.AddRecurringTaskStore<AppDbContext>());

        Assert.Equal(
            "AddRecurringTaskStore<AppDbContext>() needs AppDbContext, and it is not registered. Call AddDbContext, "
            + "AddDbContextPool or AddDbContextFactory.",
            (await store.RefuseAsync()).Message);
    }

    [Fact]
    public void Tools_at_design_time_find_the_contexts_of_the_application_only()
    {
        var services = new ServiceCollection().AddDbContext<AppDbContext>(Use).AddRecurringTaskStore<AppDbContext>();
        services.AddRecurringTaskStore(Use);
        using var provider = services.BuildServiceProvider();

        // This is how dotnet ef finds contexts.
        var options = Assert.Single(provider.GetServices<DbContextOptions>());
        Assert.Equal(typeof(AppDbContext), options.ContextType);
        Assert.NotNull(provider.GetService<IRecurringTaskStore>()); // made without a connection
    }

    [Fact]
    public async Task A_migration_has_all_tables_and_the_row_of_the_version()
    {
        var options = new DbContextOptionsBuilder<AppDbContext>();
        Use(options);
        await using var context = new AppDbContext(options.Options);
        var script = context.Database.GenerateCreateScript();

        string[] tables = ["schema", "instance", "task", "loop", "claim", "history", "error", "total", "gap", "command"];
        foreach (var table in tables)
            Assert.Contains($"CREATE TABLE safeloop_{table} (", script, StringComparison.Ordinal);
        Assert.Contains(
            "INSERT INTO safeloop_schema (id, last_command, oldest_version, version)", script, StringComparison.Ordinal);
        Assert.Contains("key_text character varying(202) COLLATE \"C\"", script, StringComparison.Ordinal);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await _database.DisposeAsync();

    private void Use(DbContextOptionsBuilder options) =>
        options.UseNpgsql(_database.ConnectionString).AddInterceptors(_interceptor);

    private IRecurringTaskStore CreateStore<T>()
        where T : DbContext =>
        _database.Create(services => services.AddDbContext<T>(Use).AddRecurringTaskStore<T>());

    // As a migration does, whose SQL is the same.
    private async Task CreateTablesAsync<T>(Action<DbContextOptionsBuilder>? use = null)
        where T : DbContext
    {
        var options = new DbContextOptionsBuilder<T>();
        (use ?? Use)(options);
        await using var context = (T)Activator.CreateInstance(typeof(T), options.Options)!;
        _database.Execute(context.Database.GenerateCreateScript());
    }
}
