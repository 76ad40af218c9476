using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests;
using static SafeLoop.IterationOutcome;

namespace SafeLoop.Testing.Tests;

/// <summary>What would hang a test or run for ever ends with a sentence that names it.</summary>
public class RealWaitTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(5); // of real time, against what never comes
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_step_that_waits_for_something_real_is_named_and_the_host_goes_on()
    {
        var real = new TaskCompletionSource();
        await using var host = await VirtualHost.StartAsync(builder =>
        {
            builder.Services.AddRecurringTask("real").Step("first", (_, _) => Task.CompletedTask)
                .Step("second", (_, _) => real.Task).Every(Second * 10).StartAfter(Second);
            builder.Services.AddRecurringTask("other", (_, _) => Task.CompletedTask).Every(Second * 10);
        });
        host.RealTimeLimit = Short;

        var error = await Assert.ThrowsAsync<TimeoutException>(() => host.AdvanceAsync(Second * 5));
        Assert.Equal("Recurring task 'real': iteration 1 waits in step 'second' for something that is not virtual time, "
            + "and has not ended within 00:00:00.2000000 of real time. "
            + "Let it await the host's TimeProvider, give it a fake of what it waits for, or raise RealTimeLimit.",
            error.Message);

        await host.AdvanceAsync(Second * 20); // it is left alone from now on
        Assert.Equal(3, host.Outcomes("other").Count);
        real.SetResult();
        await host.AdvanceAsync(Second * 10);
        Assert.Equal([Skipped, Skipped, Succeeded, Succeeded], host.Outcomes("real"));
    }

    [Fact]
    public async Task A_step_that_waits_for_its_token_is_ended_by_its_time_limit()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services
            .AddRecurringTask("t", (_, ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct)).Every(Second * 10)
            .WithTimeout(Second * 4).StartAfter(Second));
        host.RealTimeLimit = Short;

        await host.AdvanceAsync(Second * 8);

        Assert.Equal((TimedOut, Second * 4), host.Observer.Records().Select(record => (record.Outcome, record.Elapsed)).Single());
    }

    [Fact]
    public async Task A_step_that_blocks_is_named()
    {
        using var release = new ManualResetEventSlim();
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask("t", (_, _) =>
        {
            release.Wait();
            return Task.CompletedTask;
        }).Every(Second).StartAfter(Second));
        host.RealTimeLimit = Short;

        var error = await Assert.ThrowsAsync<TimeoutException>(() => host.AdvanceAsync(Second));
        Assert.StartsWith("A step has blocked the thread of virtual time for 00:00:00.2000000 of real time", error.Message,
            StringComparison.Ordinal);
        Assert.EndsWith("It may be recurring task 't', iteration 1, step 't'.", error.Message, StringComparison.Ordinal);
        release.Set();
        host.RealTimeLimit = Second * 30;
        await host.AdvanceAsync(TimeSpan.Zero);
        Assert.Equal([Succeeded], host.Outcomes());
    }

    [Fact]
    public async Task A_real_time_limit_that_passes_leaves_no_unobserved_exception()
    {
        var unobserved = await UnobservedErrors.FindAsync<TimeoutException>(async () =>
        {
            var real = new TaskCompletionSource();
            await using var host = await VirtualHost.StartAsync(builder => builder.Services
                .AddRecurringTask("t", (_, _) => real.Task).Every(Second).StartAfter(Second));
            host.RealTimeLimit = Short;
            await Assert.ThrowsAsync<TimeoutException>(() => host.AdvanceAsync(Second));
            real.SetResult();
        });

        Assert.Empty(unobserved);
    }

    [Fact]
    public async Task A_check_that_waits_for_something_real_is_named()
    {
        var real = new TaskCompletionSource<bool>();
        await using var host = await VirtualHost.StartAsync(builder => builder.Services
            .AddRecurringTask("t", (_, _) => Task.CompletedTask).Every(Second).While(_ => new ValueTask<bool>(real.Task))
            .StartAfter(Second));
        host.RealTimeLimit = Short;

        var error = await Assert.ThrowsAsync<TimeoutException>(() => host.AdvanceAsync(Second));
        Assert.StartsWith("Recurring task 't': an iteration waits in a While check for something that is not virtual time",
            error.Message, StringComparison.Ordinal);
        real.SetResult(true);
    }

    [Fact]
    public async Task A_task_that_waits_for_the_lock_of_another_is_parked()
    {
        await using var host = await VirtualHost.StartAsync(builder =>
        {
            foreach (var name in new[] { "one", "other" })
            {
                builder.Services.AddRecurringTask(
                    name, (iteration, ct) => Task.Delay(Second * 30, iteration.Services.GetRequiredService<TimeProvider>(), ct))
                    .WithLock("shared", LockHeld.Wait).WithDelay(Second * 1000);
            }
        });

        await host.AdvanceAsync(Second * 60);

        Assert.Equal([Second * 30, Second * 60], host.Observer.Records().Select(record => record.Elapsed));
    }

    [Fact]
    public async Task A_loop_without_a_pause_is_stopped_and_named_when_no_time_passes()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => VirtualHost.StartAsync(builder => builder.Services
            .AddRecurringTask("t", (_, _) => Task.CompletedTask).Continuously()));

        Assert.StartsWith("Recurring task 't' has run 10,000 iterations while virtual time stood still, and was stopped.",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_without_a_pause_that_comes_later_is_stopped_and_named_too()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask(
            "t", (_, _) => Task.CompletedTask).Continuously().StartAfter(Second));

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.AdvanceAsync(Second * 5));
        Assert.Equal(LoopEnd.Stopped, await host["t"].Completion.WaitAsync(Hang));
        await host.AdvanceAsync(Second * 5); // reported once
    }

    [Fact]
    public async Task A_loop_without_a_pause_whose_step_takes_time_or_that_ends_is_left_alone()
    {
        await using var host = await VirtualHost.StartAsync(builder =>
        {
            builder.Services.AddRecurringTask("takes time", (iteration, ct) => Task.Delay(
                Second, iteration.Services.GetRequiredService<TimeProvider>(), ct)).Continuously();
            builder.Services.AddRecurringTask("ends", (_, _) => Task.CompletedTask).Continuously().StopAfter(9_999);
        });

        await host.AdvanceAsync(Second * 20_000);

        Assert.Equal(20_000, host.Outcomes("takes time").Count);
        Assert.Equal(9_999, host.Outcomes("ends").Count);
    }

    [Fact]
    public async Task A_foreign_timer_that_throws_fails_the_advance()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask(
            "t", (_, _) => Task.CompletedTask).Every(Second));
        using var timer = host.Services.GetRequiredService<TimeProvider>()
            .CreateTimer(_ => throw new InvalidTimeZoneException("on purpose"), null, Second, Timeout.InfiniteTimeSpan);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => host.AdvanceAsync(Second * 2));
        await host.AdvanceAsync(Second * 2);
    }
}
