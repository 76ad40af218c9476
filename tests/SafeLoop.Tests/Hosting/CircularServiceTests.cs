using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Hosting;

/// <summary>Services that SafeLoop resolves may themselves inject the tasks.</summary>
public class CircularServiceTests
{
    [Fact]
    public void An_observer_and_a_lock_provider_may_inject_the_tasks()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddSingleton<IRecurringTaskObserver, PausesWhoFails>();
            services.AddSingleton<ILoopLockProvider, CountsTasks>();
            services.AddRecurringTask("task", (_, _) => throw new FormatException()).Every(1.Seconds).WithLock("lock");
        });

        host.Advance(5.Seconds);

        Assert.Equal(RecurringTaskState.Paused, host["task"].State);
        Assert.Equal(IterationOutcome.Failed, host.Records()[0].Outcome);
        Assert.Equal(1, ((CountsTasks)host.Services.GetRequiredService<ILoopLockProvider>()).Tasks);
    }

    [Fact]
    public void An_observer_that_cannot_be_made_keeps_the_host_from_starting()
    {
        using var host = new LoopHost(services =>
        {
            services.AddSingleton<IRecurringTaskObserver>(_ => throw new FormatException("no settings"));
            services.AddRecurringTask("task", Steps.None).Every(1.Seconds);
        });

        Assert.Equal("no settings", Assert.Throws<FormatException>(host.StartHost).Message);
    }

    private sealed class PausesWhoFails(IRecurringTasks tasks) : IRecurringTaskObserver
    {
        public void OnEvent(in LoopEvent loopEvent)
        {
            if (loopEvent is { Kind: LoopEventKind.IterationEnded, Record.Outcome: IterationOutcome.Failed })
                tasks[loopEvent.TaskName].Pause("fails");
        }
    }

    private sealed class CountsTasks(IRecurringTasks tasks) : ILoopLockProvider
    {
        public int Tasks { get; private set; }

        public bool HasFencing => false;

        public ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken)
        {
            Tasks = tasks.All.Count;
            return new(new Lease());
        }
    }

    private sealed class Lease : ILoopLease
    {
        public long FencingToken => 0;

        public TimeSpan AtMostFor => TimeSpan.FromMinutes(1);

        public CancellationToken Lost => default;

        public ValueTask<bool> RenewAsync(CancellationToken cancellationToken) => new(true);

        public ValueTask DisposeAsync() => default;
    }
}
