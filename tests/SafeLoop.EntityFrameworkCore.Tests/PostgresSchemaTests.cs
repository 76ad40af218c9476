using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace SafeLoop.EntityFrameworkCore.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresSchemaTests(PostgresCluster cluster) : SchemaContract(cluster.CreateDatabase())
{
    private PostgresDatabase Server => (PostgresDatabase)Database;

    [Fact]
    public async Task A_role_that_may_not_create_tables_is_refused_where_they_are_missing()
    {
        var error = await CreateStoreOfRole().RefuseAsync();

        Assert.Equal(
            "The tables of recurring tasks are missing, and this role may not create them: 42501: permission denied for schema "
            + "public. Start the application once with a role that may, or let your migrations own the tables: "
            + "AddRecurringTaskStore<TContext>() and modelBuilder.AddRecurringTasks().",
            error.Message.Replace("  POSITION: 14", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_role_that_may_not_create_tables_uses_those_that_are_there()
    {
        await Database.CreateStore().ConnectAsync();
        var store = CreateStoreOfRole();
        var error = await store.RefuseAsync();
        Assert.EndsWith(
            "Grant what it needs: GRANT SELECT, INSERT, UPDATE, DELETE ON safeloop_schema TO reader;", error.Message,
            StringComparison.Ordinal);

        Server.Execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO reader");
        await store.RunOneSlotAsync();

        Server.Execute("REVOKE DELETE ON safeloop_claim FROM reader");
        var denied = await Assert.ThrowsAsync<StoreFailureException>(async () => await store.RecordAsync(
            Calls.Entry(await store.ConnectAsync()), isClaimed: true, default));
        Assert.EndsWith(
            "permission denied for table safeloop_claim. The role may not DELETE there. Grant what it needs: "
            + "GRANT SELECT, INSERT, UPDATE, DELETE ON safeloop_claim TO reader;", denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_is_created_with_its_tables()
    {
        var store = Database.Create(services => services.AddRecurringTaskStore(Database.Use, schema: "jobs", prefix: "Loop."));
        await store.RunOneSlotAsync();

        Server.Execute("SELECT 1 FROM jobs.\"Loop.history\"");
    }

    [Fact]
    public async Task A_wrong_password_is_a_sentence_without_the_password()
    {
        var store = CreateStore("Username=nobody;Password=secret;");
        var message = await store.FailAsync();

        Assert.StartsWith(
            $"The database of recurring tasks ({Builder.Database} at tcp://127.0.0.1:{Builder.Port}) has failed: 28", message,
            StringComparison.Ordinal);
        Assert.EndsWith("Correct the user and the password of the connection string.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_a_sentence()
    {
        var message = await CreateStore("Database=none;").FailAsync();

        Assert.Contains("3D000: database \"none\" does not exist.", message, StringComparison.Ordinal);
        Assert.EndsWith("Create the database, or correct its name in the connection string.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_server_is_a_sentence_and_the_next_attempt_connects()
    {
        using var proxy = new LocalServers.TcpProxy(Builder.Port);
        var store = CreateStore($"Port={proxy.Port};");
        var instance = await store.ConnectAsync();
        proxy.Cut();
        var error = await Assert.ThrowsAsync<StoreFailureException>(() => store.ClaimAsync(instance).AsTask());
        Assert.EndsWith(" SafeLoop tries again.", error.Message, StringComparison.Ordinal);
        Assert.True(await store.ClaimAsync(instance));

        proxy.Dispose(); // nothing listens there any more
        var message = await CreateStore($"Port={proxy.Port};").FailAsync();
        Assert.Contains($"Failed to connect to 127.0.0.1:{proxy.Port}", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_a_sentence()
    {
        var store = Database.CreateStore();
        var instance = await store.ConnectAsync();
        Server.Execute("""
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON safeloop_history FOR EACH ROW EXECUTE FUNCTION fail();
            """);
        var error = await Assert.ThrowsAsync<StoreFailureException>(() => store.SaveAsync(
            new() { Instance = instance, Number = 1, History = [Calls.Entry(instance)] }, default).AsTask());

        Assert.EndsWith("Free some space on the disk of the database.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_retry_strategy_of_the_application_is_used()
    {
        var store = Database.Create(services => services.AddRecurringTaskStore(
            db => db.UseNpgsql(Server.ConnectionString, npgsql => npgsql.EnableRetryOnFailure(3, TimeSpan.Zero, null))));
        await store.RunOneSlotAsync();
        Server.Execute("""
            CREATE SEQUENCE attempts;
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF nextval('attempts') < 3 THEN RAISE EXCEPTION 'try again' USING ERRCODE = '40001'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER serialization BEFORE INSERT ON safeloop_instance FOR EACH ROW EXECUTE FUNCTION fail();
            """);

        await store.ConnectAsync();
    }

    [Fact]
    public async Task A_data_source_of_the_services_is_used()
    {
        await using var source = NpgsqlDataSource.Create(Server.ConnectionString);
        var store = Database.Create(services => services.AddSingleton(source).AddRecurringTaskStore(
            (provider, db) => db.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())));

        await store.RunOneSlotAsync();
    }

    protected override void Register(IServiceCollection services, string prefix) =>
        services.AddRecurringTaskStore(Database.Use, prefix: prefix);

    private NpgsqlConnectionStringBuilder Builder => new(Server.ConnectionString);

    private IRecurringTaskStore CreateStore(string settings) => Database.Create(services =>
        services.AddRecurringTaskStore(db => db.UseNpgsql($"{Server.ConnectionString};{settings}")));

    private IRecurringTaskStore CreateStoreOfRole()
    {
        Server.Execute("""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN CREATE ROLE reader LOGIN; END IF;
            END $$;
            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            """);
        return CreateStore("Username=reader;");
    }
}
