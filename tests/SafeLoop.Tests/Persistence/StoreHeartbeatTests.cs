using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;

namespace SafeLoop.Tests.Persistence;

public class StoreHeartbeatTests
{
    public enum Fault
    {
        Hangs,
        IgnoresItsToken,
        BlocksItsThread, // as an observer may block the worker
    }

    [Theory]
    [InlineData(Fault.Hangs, "Save")]
    [InlineData(Fault.IgnoresItsToken, "Save")]
    [InlineData(Fault.IgnoresItsToken, "Record")]
    [InlineData(Fault.BlocksItsThread, "Save")]
    public void A_call_that_does_not_return_delays_no_heartbeat_and_is_repeated(Fault fault, string method)
    {
        using var repaired = new ManualResetEventSlim();
        using var saved = new ManualResetEventSlim();
        using var beats = new SemaphoreSlim(0);
        var database = new MemoryDatabase(TimeProvider.System);
        database.Cut = call =>
        {
            if (call is { Method: "Beat", IsExecuted: true })
                beats.Release();
            if (call.Method != method)
                return StoreCut.None;
            if (repaired.IsSet && call.IsExecuted)
                saved.Set();
            if (!repaired.IsSet && fault is Fault.BlocksItsThread)
                repaired.Wait();
            return repaired.IsSet ? StoreCut.None : fault is Fault.Hangs ? StoreCut.Hang : StoreCut.Ignore;
        };
        using var host = ThreadedLoopHost.Run(services =>
        {
            services.AddSingleton<IRecurringTaskStore>(database.CreateStore());
            Register(services);
        });
        try
        {
            Advance(12);
        }
        finally
        {
            repaired.Set();
        }
        for (var beat = 0; beat < 20 && !saved.IsSet; beat++)
            Advance(1);
        ThreadedLoopHost.Wait(saved);

        void Advance(int periods)
        {
            for (; periods > 0; periods--)
            {
                Assert.True(beats.Wait(ThreadedLoopHost.Patience), "The heartbeat did not come.");
                host.Advance(5.Seconds);
            }
        }
    }

    [Fact]
    public async Task A_store_that_takes_every_id_for_lost_is_connected_to_once_per_period()
    {
        var connects = 0;
        await using var hosts = new StoredHosts();
        hosts.Database.Cut = call =>
        {
            if (call is { Method: "Connect", IsExecuted: true })
                connects++;
            if (call is { Method: "Beat", IsExecuted: false })
                EndAll(hosts.Database);
            return StoreCut.None;
        };
        var host = await hosts.StartAsync(Register);

        await host.AdvanceAsync(1.Minutes);

        Assert.InRange(connects, 2, 13);
    }

    private static void Register(IServiceCollection services)
    {
        services.AddRecurringTask("report", (_, _) => ValueTask.CompletedTask).Every(10.Seconds).SurviveRestarts(5.Minutes);
        services.AddRecurringTask("poll", (_, _) => throw new InvalidOperationException("down")).Every(10.Seconds);
    }

    private static void EndAll(MemoryDatabase database) => database.Read("app", stored =>
    {
        foreach (var instance in stored.Instances)
            instance.End(RecurringTaskInstanceState.Lost, default);
        return true;
    });
}
