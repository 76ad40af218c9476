using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Tests.Hosting;

/// <summary>
/// User code that blocks in a callback of the configuration or of the application's start does not block the stop of the host.
/// </summary>
public sealed class BlockedStopTests : IDisposable
{
    private readonly ManualResetEventSlim _began = new();
    private readonly ManualResetEventSlim _release = new();
    private int _isHostile;

    [Fact]
    public void Options_that_block_in_a_reload_do_not_hold_up_the_stop_of_the_host()
    {
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("task", Steps.None).Every(1000.Seconds)
            .Configure(_ => BlockOnce()));
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        _isHostile = 1;
        var reload = Task.Run(configuration.Reload);
        ThreadedLoopHost.Wait(_began);

        ThreadedLoopHost.Wait(Task.Run(() => host.StopHost()));
        Assert.Equal(RecurringTaskState.Ended, host["task"].State);
        _release.Set();
        ThreadedLoopHost.Wait(reload);
    }

    [Fact]
    public void No_reload_follows_the_stop_of_the_host()
    {
        var reads = 0;
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("task", Steps.None).Every(1000.Seconds)
            .Configure(_ =>
            {
                Interlocked.Increment(ref reads);
                BlockOnce();
            }));
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        _isHostile = 1;
        var reload = Task.Run(configuration.Reload);
        ThreadedLoopHost.Wait(_began);
        ThreadedLoopHost.Wait(Task.Run(() => host.StopHost()));
        var before = reads;
        configuration.Reload();
        _release.Set();
        ThreadedLoopHost.Wait(reload);
        configuration.Reload();

        Assert.Equal(before, reads);
    }

    [Fact]
    public void A_policy_that_blocks_as_the_schedules_begin_does_not_hold_up_the_stop_of_the_host()
    {
        IHost host = null!;
        _isHostile = 1;
        var starting = Task.Run(() => ThreadedLoopHost.Run(services =>
        {
            services.AddRecurringTask<Visit, string>().DelayBy(new ScriptedPolicy((_, now) =>
            {
                BlockOnce();
                return now + 1000.Seconds;
            }));
            services.AddHostedService(provider => new Starting(() =>
            {
                host = provider.GetRequiredService<IHost>();
                provider.GetRequiredService<IRecurringTaskKeys<Visit, string>>().TryAdd("a");
            }));
        }));
        ThreadedLoopHost.Wait(_began);

        ThreadedLoopHost.Wait(Task.Run(() => host.StopAsync()));
        _release.Set();
        starting.Answer().Dispose();
    }

    public void Dispose() => _release.Set();

    private void BlockOnce()
    {
        if (Interlocked.Exchange(ref _isHostile, 0) == 0)
            return;
        _began.Set();
        Assert.True(_release.Wait(ThreadedLoopHost.Patience));
    }

    private sealed class Starting(Action start) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
    private sealed class Visit : IRecurringTask<string>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) => default;
    }
}
