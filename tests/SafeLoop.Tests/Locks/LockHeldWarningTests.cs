using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SafeLoop.Tests.Locks;

/// <summary>
/// LockHeld.Stop under a lock that replicas share ends their loops one after the other. Nothing starts them again.
/// </summary>
public class LockHeldWarningTests
{
    [Theory]
    [InlineData(LockHeld.Stop, 1)]
    [InlineData(LockHeld.Skip, 0)]
    [InlineData(LockHeld.Wait, 0)]
    public void Stop_under_a_shared_lock_is_a_warning_at_the_start(LockHeld whenHeld, int warnings)
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("task", Steps.None).Every(10.Seconds).WithLock("shared", whenHeld);
            services.AddSingleton<ILoopLockProvider, Shared>();
        });

        Assert.Equal(warnings, host.Logs.Lines.Count(line => line.Id == 41
            && line.Text.StartsWith("Recurring task 'task': LockHeld.Stop ends its loop", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_a_keyed_task_too()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask<PerKey, int>("task").Every(10.Seconds).WithLock("shared", LockHeld.Stop);
            services.RemoveAll<ILoopLockProvider>().AddSingleton<ILoopLockProvider, Shared>();
        });

        Assert.Contains("'shared'", Assert.Single(host.Logs.Lines, line => line.Id == 41).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_brings_it_warns_too()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<ILoopLockProvider, Shared>()
            .AddRecurringTask("task", Steps.None).Every(10.Seconds).WithLock("shared"));
        host.Configuration["RecurringTasks:task:Lock:WhenHeld"] = "Stop";
        host.Configuration.Reload();
        host.Settle();

        Assert.Contains(
            "LockHeld.Stop ends its loop", Assert.Single(host.Logs.Lines, line => line.Id == 41).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Under_a_lock_of_this_process_it_is_none()
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("task", Steps.None).Every(10.Seconds).WithLock("own", LockHeld.Stop));

        Assert.DoesNotContain(host.Logs.Lines, line => line.Id == 41);
    }

    private sealed class PerKey : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => default;
    }

    private sealed class Shared : ILoopLockProvider
    {
        public ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken) =>
            new((ILoopLease?)null);
    }
}
