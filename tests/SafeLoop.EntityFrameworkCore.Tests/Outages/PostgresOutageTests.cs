using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace SafeLoop.EntityFrameworkCore.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresOutageTests(PostgresCluster cluster) : OutageContract(cluster.CreateDatabase())
{
    private PostgresDatabase Postgres => (PostgresDatabase)Database;

    [Fact]
    public async Task A_server_that_is_unreachable_at_the_start_is_used_when_it_is_back()
    {
        cluster.Server.Stop();
        try
        {
            await using var host = await OutageHost.StartAsync(Database.Use);
            await BeginsLaterAsync(host, $"Failed to connect to 127.0.0.1:{cluster.Server.Port}", StartServerAsync);
        }
        finally
        {
            await StartServerAsync();
        }
    }

    [Fact]
    public async Task A_server_that_ends_and_comes_back_loses_nothing()
    {
        await using var host = await OutageHost.StartAsync(Database.Use);
        try
        {
            await FailsMeanwhileAsync(
                host,
                "SafeLoop tries again",
                () => Task.Run(cluster.Server.Stop),
                StartServerAsync);
        }
        finally
        {
            await StartServerAsync();
        }
    }

    [Fact]
    public async Task A_server_that_hangs_loses_nothing()
    {
        // Nothing answers the request to cancel a statement either.
        await using var host = await OutageHost.StartAsync(
            db => db.UseNpgsql($"{Postgres.ConnectionString};Cancellation Timeout=-1"));
        host.Host.RealTimeLimit = TimeSpan.FromMilliseconds(300);
        try
        {
            await FailsMeanwhileAsync(
                host,
                "The store has not answered within 15 s",
                () => Task.Run(cluster.Server.Freeze),
                () =>
                {
                    host.Host.RealTimeLimit = TimeSpan.FromSeconds(3);
                    return Task.Run(cluster.Server.Thaw);
                });
        }
        finally
        {
            cluster.Server.Thaw();
        }
    }

    [Fact]
    public async Task A_call_to_a_server_that_hangs_can_be_cancelled_without_waiting_for_the_server()
    {
        var store = Database.Create(services => services.AddRecurringTaskStore(
            db => db.UseNpgsql($"{Postgres.ConnectionString};Timeout=2")));
        var instance = await store.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        cluster.Server.Freeze();
        try
        {
            var call = store.SendHeartbeatAsync(instance, Calls.Sample, after: 0, TimeSpan.FromMinutes(1), cancel.Token).AsTask();
            await Task.Run(cancel.Cancel); // returns while the server hangs

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
        finally
        {
            cluster.Server.Thaw();
        }
        Assert.True(await store.ClaimAsync(instance));
    }

    [Fact]
    public async Task A_wrong_password_is_used_again_when_it_is_right()
    {
        cluster.RequirePassword("guarded", "right");
        Postgres.Execute("GRANT ALL ON SCHEMA public TO guarded");
        await using var host = await OutageHost.StartAsync(
            db => db.UseNpgsql($"{Postgres.ConnectionString};Username=guarded;Password=new"));

        await BeginsLaterAsync(
            host,
            "28P01: password authentication failed for user \"guarded\". Correct the user and the password of the connection "
            + "string",
            () =>
            {
                cluster.Execute("ALTER ROLE guarded PASSWORD 'new'");
                return Task.CompletedTask;
            });
    }

    [Fact]
    public async Task A_disk_that_fills_up_loses_nothing()
    {
        const string Tables = "history,loop,claim,instance,total,task,error";
        await using var host = await OutageHost.StartAsync(Database.Use);

        await FailsMeanwhileAsync(
            host,
            "53100: could not extend file: No space left on device. Free some space on the disk of the database",
            () => ExecuteAsync("""
                CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
                """ + string.Concat(Tables.Split(',').Select(table => $"""
                CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON safeloop_{table}
                FOR EACH ROW EXECUTE FUNCTION full_disk();
                """))),
            () => ExecuteAsync("DROP FUNCTION full_disk CASCADE"));
    }

    // The clock of the server itself: a function of the same name, in a schema that is searched first.
    [Fact]
    public async Task A_server_whose_clock_is_an_hour_off_is_used()
    {
        Postgres.Execute($"""
            CREATE SCHEMA wrong;
            CREATE FUNCTION wrong.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
                $$ SELECT pg_catalog.clock_timestamp() - interval '1 hour' $$;
            ALTER DATABASE {new NpgsqlConnectionStringBuilder(Postgres.ConnectionString).Database}
                SET search_path = wrong, public, pg_catalog;
            """);
        var store = Database.CreateStore(hasOwnClock: false);
        await store.RunOneSlotAsync();
        var instance = await store.ConnectAsync();
        var heartbeat = await store.SendHeartbeatAsync(instance, Calls.Sample, after: 0, TimeSpan.FromSeconds(30), default);

        Assert.InRange(TimeProvider.System.GetUtcNow() - heartbeat.Now, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(70));
        Assert.False(heartbeat.IsLost);
        Assert.Empty(heartbeat.Lost);
    }

    private Task StartServerAsync() => Task.Run(() =>
    {
        if (cluster.Server.IsRunning)
            return;
        cluster.Server.Start();
        NpgsqlConnection.ClearAllPools(); // connections of other tests have ended with the server
    });
}
