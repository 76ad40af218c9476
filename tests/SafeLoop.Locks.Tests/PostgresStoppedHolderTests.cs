using LocalServers;
using Medallion.Threading.Postgres;
using Npgsql;
using SafeLoop.Tests;

namespace SafeLoop.Locks.Tests;

/// <summary>
/// On a server of its own beside the other tests, since it waits for a minute: that long DistributedLock
/// asks the server to watch the connection.
/// </summary>
public class PostgresStoppedHolderTests
{
    private static readonly TimeSpan AMinuteAndMore = ThreadedLoopHost.Patience;

    [Fact]
    public async Task With_a_time_limit_for_idle_sessions_a_stopped_holder_is_replaced_and_a_running_one_keeps_its_lock()
    {
        using var server = new PostgresServer();
        server.Start();
        using var proxy = new TcpProxy(server.Port); // when nothing passes, a live process is as silent as a stopped one
        await using var stopped = Connect(server.ConnectionString(proxy.Port));
        await using var alive = Connect(server.ConnectionString());
        var taken = (await Take(stopped, "taken"))!;
        await using var kept = (await Take(alive, "kept"))!;
        Assert.True(SpinWait.SpinUntil(() => Watching(alive) == 2, ThreadedLoopHost.Patience),
            "The connections of the locks are not watched.");
        proxy.Stall();

        await using var next = await Locks(alive).TryAcquireAsync(new() { Name = "taken", Wait = true }, default).AsTask()
            .WaitAsync(AMinuteAndMore);
        Assert.True(next!.FencingToken > taken.FencingToken);
        Assert.False(kept.Lost.IsCancellationRequested);
        Assert.Null(await Take(alive, "kept"));
        proxy.Resume();
    }

    private static NpgsqlDataSource Connect(string server) =>
        NpgsqlDataSource.Create(
            server + ";Keepalive=1;Options=-c client_connection_check_interval=1000 -c idle_session_timeout=5000");

    private static ValueTask<ILoopLease?> Take(NpgsqlDataSource database, string name) =>
        Locks(database).TryAcquireAsync(new() { Name = name, AtMostFor = TimeSpan.FromHours(1) }, default);

    private static DistributedLocks Locks(NpgsqlDataSource database) =>
        new(new PostgresDistributedSynchronizationProvider(database), new PostgresFenceStore(database), TimeProvider.System);

    private static long Watching(NpgsqlDataSource database)
    {
        using var command = database.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND "
            + "state = 'active' AND pid <> pg_backend_pid()");
        return (long)command.ExecuteScalar()!;
    }
}
