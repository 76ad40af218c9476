using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Testing.Tests;

/// <summary>Loops of keys are followed like any others.</summary>
public class KeyedTests
{
    [Fact]
    public async Task Loops_of_keys_run_in_virtual_time_and_are_followed_into_the_thread_pool()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask<Poll, int>()
            .Every(TimeSpan.FromMinutes(1)));
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
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask<Poll, int>()
            .Every(TimeSpan.FromMinutes(1)));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Poll, int>>();
        keys.TryAdd(1);
        var handle = keys.Find(1)!;
        _ = handle.Completion; // from now on it has a history

        await host.AdvanceAsync(TimeSpan.FromMinutes(10.5));

        Assert.Equal(11, handle.Snapshot().Succeeded);
        Assert.All(handle.History, record => Assert.Equal(TimeSpan.FromSeconds(3), record.Elapsed));
    }

    [Theory]
    [InlineData("1", "Recurring task 'poll' has keys of type Int32, and the key '1' is a String.")]
    [InlineData(1L, "Recurring task 'poll' has keys of type Int32, and the key '1' is a Int64.")]
    public async Task A_key_of_another_type_is_a_mistake(object key, string sentence)
    {
        await using var host = await StartAsync();
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => host.Outcomes("poll", key)).Message);
        Assert.Throws<ArgumentException>(() => host.Outcomes(null, key));

        host.Faults.Fail("poll", 70, key: key);
        Assert.Equal(
            sentence, (await Assert.ThrowsAsync<ArgumentException>(() => host.AdvanceAsync(TimeSpan.Zero))).Message);
        host.Faults.Hang("poll", 70, key: key);
        await Assert.ThrowsAsync<ArgumentException>(() => host.AdvanceAsync(TimeSpan.Zero));
    }

    [Fact]
    public async Task A_key_of_a_task_without_keys_is_a_mistake()
    {
        await using var host = await StartAsync();
        const string Sentence = "Recurring task 'plain' has no keys, so it has no key '1'.";

        Assert.Equal(Sentence, Assert.Throws<ArgumentException>(() => host.Outcomes("plain", 1)).Message);
        host.Faults.Cancel("plain", 70, key: 1);
        Assert.Equal(
            Sentence, (await Assert.ThrowsAsync<ArgumentException>(() => host.AdvanceAsync(TimeSpan.Zero))).Message);
    }

    [Fact]
    public async Task A_key_that_is_not_there_yet_is_none()
    {
        await using var host = await StartAsync();
        host.Faults.Fail("poll", 1, key: 7);
        Assert.Empty(host.Outcomes("poll", 7));
        Assert.Empty(host.Outcomes(null, 7));
        host.Services.GetRequiredService<IRecurringTaskKeys<Poll, int>>().TryAdd(7);
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal([IterationOutcome.Failed], host.Outcomes("poll", 7));
    }

    [Fact]
    public async Task One_run_of_a_task_with_keys_needs_a_key()
    {
        await using var host = await StartAsync();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.RunOnceAsync("poll"));

        Assert.Equal(
            "Recurring task 'poll' has a loop per key, and RunOnceAsync runs a task with one loop. Get "
                + "IRecurringTaskKeys<TTask, Int32> from host.Services, call RunNowAsync on the handle of Find(key), "
                + "then AdvanceAsync, and await the run.",
            error.Message);
    }

    private static Task<VirtualHost> StartAsync() => VirtualHost.StartAsync(builder =>
    {
        builder.Services.AddRecurringTask<Poll, int>().Every(TimeSpan.FromMinutes(1));
        builder.Services.AddRecurringTask("plain", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
    });

    internal sealed class Poll(TimeProvider time) : IRecurringTask<int>
    {
        public async ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) =>
            await Task.Run(async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(false);
                await Task.Yield();
                await Task.Delay(TimeSpan.FromSeconds(2), time, cancellationToken).ConfigureAwait(false);
            }, cancellationToken);
    }
}
