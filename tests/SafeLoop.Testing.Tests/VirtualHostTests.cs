using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static SafeLoop.IterationOutcome;

namespace SafeLoop.Testing.Tests;

public class VirtualHostTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(5); // of real time, against what never comes

    [Fact]
    public async Task Everything_due_in_the_span_has_run_in_order_when_it_returns()
    {
        var ran = new List<string>();
        await using var host = await VirtualHost.StartAsync(builder =>
        {
            builder.Services.AddRecurringTask("two", Note).Every(Second * 2);
            builder.Services.AddRecurringTask("three", Note).Every(Second * 3);
        });

        await host.AdvanceAsync(Second * 6);

        Assert.Equal(["two 0", "three 0", "two 2", "three 3", "two 4"], ran.Take(5));
        Assert.Equal(["three 6", "two 6"], ran.Skip(5).Order());
        Assert.Equal(new(2026, 1, 1, 0, 0, 6, TimeSpan.Zero), host.Now);

        Task Note(Iteration iteration, CancellationToken token)
        {
            ran.Add(
                $"{iteration.TaskName} {(iteration.Slot - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds}");
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task No_time_passes_between_advances()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask("t", Nothing)
            .Every(Second));

        await host.AdvanceAsync(TimeSpan.Zero);
        Assert.Equal([Succeeded], host.Outcomes());
        await host.AdvanceAsync(Second / 2);
        Assert.Equal([Succeeded], host.Outcomes());
        await host.AdvanceAsync(Second / 2);
        Assert.Equal([Succeeded, Succeeded], host.Outcomes());
    }

    [Fact]
    public async Task A_process_that_sleeps_misses_slots()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask("t", Nothing)
            .Every(Second * 10));

        await host.SleepAsync(Second * 58);

        Assert.Equal([(Succeeded, 1L), (Skipped, 4L), (Succeeded, 1L)],
            host.Observer.Records().Select(record => (record.Outcome, record.Count)));
        Assert.Equal(OutcomeReason.Missed, host.Observer.Records()[1].Reason);
    }

    [Fact]
    public async Task The_wall_clock_can_be_set_and_intervals_do_not_notice()
    {
        await using var host = await VirtualHost.StartAsync(builder =>
        {
            builder.Services.AddRecurringTask("nightly", Nothing).Cron("0 3 * * *");
            builder.Services.AddRecurringTask("hourly", Nothing).Every(Second * 3600).StartAfter(Second * 3600);
        });

        host.Now = new(2026, 1, 1, 2, 59, 30, TimeSpan.Zero);
        await host.AdvanceAsync(Second * 40);

        Assert.Equal([Succeeded], host.Outcomes("nightly"));
        Assert.Empty(host.Outcomes("hourly"));
        Assert.Equal(new(2026, 1, 1, 3, 0, 10, TimeSpan.Zero), host.Now);
    }

    [Fact]
    public async Task One_iteration_runs_when_asked_and_takes_the_time_it_needs()
    {
        await using var host = await VirtualHost.StartAsync(builder =>
        {
            builder.Services.AddRecurringTask("slow", (iteration, ct) => Delay(iteration, Second * 90, ct)).Cron("0 3 * * *");
            builder.Services.AddRecurringTask("other", Nothing).Every(Second * 60);
        });

        var run = await host.RunOnceAsync("slow");

        Assert.Equal((Succeeded, Second * 90), (run.Outcome, run.Elapsed));
        Assert.Equal(2, host.Outcomes("other").Count); // whose slots come due meanwhile
    }

    [Fact]
    public async Task One_iteration_that_cannot_run_says_why()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask("t", Nothing)
            .Cron("0 3 * * *"));
        host["t"].Stop();
        await host.AdvanceAsync(TimeSpan.Zero);

        Assert.Equal(OutcomeReason.Disabled, (await host.RunOnceAsync("t")).Reason);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => host.RunOnceAsync("u"));
    }

    [Fact]
    public async Task One_iteration_that_does_not_end_is_not_waited_for_for_ever()
    {
        await using var host = await VirtualHost.StartAsync(
            builder => builder.Services.AddRecurringTask("t", Nothing).Cron("0 3 1 1 *"), faults: faults => faults.Hang("t", 1));

        Assert.Contains("'t'", (await Assert.ThrowsAsync<TimeoutException>(() => host.RunOnceAsync("t"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_to_a_task_between_advances_has_been_done_after_the_next()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask("t", Nothing)
            .Every(Second));

        host["t"].Pause();
        await host.AdvanceAsync(Second);
        host["t"].Stop();
        host["t"].Start();
        await host.AdvanceAsync(TimeSpan.Zero); // the new loop begins on its way through the thread pool, and is waited for
        host.Tasks.Remove("t");
        host.Tasks.Add("t", task => task.Step("step", Nothing).Every(Second));
        await host.AdvanceAsync(TimeSpan.Zero);

        Assert.Equal([Succeeded, Skipped, Succeeded, Succeeded], host.Outcomes());
    }

    [Fact]
    public async Task Commands_may_be_awaited_without_an_advance()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask("t", Nothing)
            .Cron("0 3 * * *"));

        Assert.Equal(Succeeded, (await host["t"].RunNowAsync().WaitAsync(Hang)).Outcome);
        await host["t"].ChangeAsync(options => options.Cron = "0 4 * * *").WaitAsync(Hang);
        await host.AdvanceAsync(Second * 3600 * 4);

        Assert.Equal([Succeeded, Succeeded], host.Outcomes());
    }

    [Fact]
    public async Task A_host_drains_in_virtual_time()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services
            .AddRecurringTask("t", (iteration, ct) => Delay(iteration, Second * 20, ct)).Every(Second * 60)
            .DrainFor(Second * 30));

        var stopped = host.StopAsync();
        await host.AdvanceAsync(Second * 19);
        Assert.False(stopped.IsCompleted);
        await host.AdvanceAsync(Second);
        await stopped.WaitAsync(Hang);

        Assert.Equal([Succeeded], host.Outcomes());
    }

    [Fact]
    public async Task The_life_of_a_host_that_was_started_elsewhere_is_not_this_ones()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(TimeProvider.System); // as a library may do
        builder.Services.AddRecurringTask("t", Nothing).Every(Second);
        builder.Services.AddVirtualTime(new(2030, 6, 1, 0, 0, 0, TimeSpan.Zero));
        using var own = builder.Build();
        await own.StartAsync();
        await using (var host = VirtualHost.FromServices(own.Services))
        {
            await host.AdvanceAsync(Second * 2);
            Assert.Equal(3, host.Outcomes().Count);
            Assert.Equal(new(2030, 6, 1, 0, 0, 2, TimeSpan.Zero), own.Services.GetRequiredService<TimeProvider>().GetUtcNow());
            await Assert.ThrowsAsync<InvalidOperationException>(host.StopAsync);
        }

        await VirtualHost.FromServices(own.Services).AdvanceAsync(Second);
        Assert.Equal(4, VirtualHost.FromServices(own.Services).Outcomes().Count);
        await own.StopAsync().WaitAsync(Hang);
    }

    [Fact]
    public async Task A_host_that_does_not_live_in_virtual_time_says_what_is_missing()
    {
        await using var services = new ServiceCollection().AddRecurringTasks().BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(() => VirtualHost.FromServices(services));
        Assert.Contains("AddVirtualTime", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_registration_fails_the_start()
    {
        var error = await Assert.ThrowsAsync<InvalidRecurringTaskException>(
            () => VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask("t", Nothing)));

        Assert.StartsWith("Recurring task 't': it has no schedule", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_advances_at_a_time_and_time_that_goes_backwards_are_mistakes()
    {
        await using var host = await VirtualHost.StartAsync(
            builder => builder.Services.AddRecurringTask("t", (iteration, ct) => Task.Run(() => Delay(iteration, Second, ct), ct))
                .Every(Second));
        var advance = host.AdvanceAsync(Second * 1000);
        var second = Record.ExceptionAsync(() => host.AdvanceAsync(Second));

        await advance;
        Assert.True(await second is InvalidOperationException or null); // null: the first was over already
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.AdvanceAsync(-Second));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.AdvanceAsync(TimeSpan.MaxValue));
    }

    private static Task Nothing(Iteration iteration, CancellationToken token) => Task.CompletedTask;

    private static Task Delay(Iteration iteration, TimeSpan span, CancellationToken token) =>
        Task.Delay(span, iteration.Services.GetRequiredService<TimeProvider>(), token);
}
