using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Testing.Tests;

/// <summary>Loops of keys are followed like any others.</summary>
public class KeyedTests
{
    [Fact]
    public async Task Loops_of_keys_run_in_virtual_time_and_are_followed_into_the_thread_pool()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask<Poll, int>().Every(TimeSpan.FromMinutes(1)));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Poll, int>>();
        for (var key = 1; key <= 5; key++)
            keys.TryAdd(key);

        await host.AdvanceAsync(TimeSpan.FromMinutes(10.5));

        Assert.Equal(5 * 11, host.Outcomes("poll").Count(outcome => outcome is IterationOutcome.Succeeded));
        Assert.All(host.Observer.Records("poll"), record => Assert.Equal(TimeSpan.FromSeconds(3), record.Elapsed));
    }

    [Fact]
    public async Task A_key_with_a_handle_is_followed_too()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask<Poll, int>().Every(TimeSpan.FromMinutes(1)));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Poll, int>>();
        keys.TryAdd(1);
        var handle = keys.Find(1)!;
        _ = handle.Completion; // from now on it has a history

        await host.AdvanceAsync(TimeSpan.FromMinutes(10.5));

        Assert.Equal(11, handle.Snapshot().Succeeded);
        Assert.All(handle.History, record => Assert.Equal(TimeSpan.FromSeconds(3), record.Elapsed));
    }

    internal sealed class Poll(TimeProvider time) : IRecurringTask<int>
    {
        public async ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => await Task.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(false);
            await Task.Yield();
            await Task.Delay(TimeSpan.FromSeconds(2), time, cancellationToken).ConfigureAwait(false);
        }, cancellationToken);
    }
}
