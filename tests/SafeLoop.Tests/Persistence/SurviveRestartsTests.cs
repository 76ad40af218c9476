using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Persistence;

public class SurviveRestartsTests
{
    private readonly List<string> _runs = [];

    [Fact]
    public async Task A_slot_is_claimed_before_its_steps_and_its_outcome_is_stored()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Hourly);

        await host.AdvanceAsync(3.Hours);

        Assert.Equal(["01:00", "02:00", "03:00"], _runs);
        Assert.Equal(["01:00 Succeeded", "02:00 Succeeded", "03:00 Succeeded"], hosts.History("report"));
    }

    [Fact]
    public async Task What_came_due_while_no_host_was_running_is_one_record_and_the_latest_slot_runs()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Hourly);
        await host.AdvanceAsync(2.Hours);
        hosts.Kill();

        await hosts.StartAsync(Hourly, StoredHosts.Start + 6.Hours + 10.Minutes);

        Assert.Equal(["01:00", "02:00", "06:00"], _runs);
        Assert.Equal(
            ["01:00 Succeeded", "02:00 Succeeded", "03:00–05:00 Skipped HostDown ×3", "06:00 Succeeded"],
            hosts.History("report"));
    }

    [Fact]
    public async Task The_entry_of_one_slot_that_was_missed_has_no_first_slot()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Hourly);
        await host.AdvanceAsync(1.Hours);
        hosts.Kill();

        await hosts.StartAsync(Hourly, StoredHosts.Start + 2.Hours + 40.Minutes);

        Assert.Equal(["01:00 Succeeded", "02:00 Skipped HostDown"], hosts.History("report"));
        Assert.All(hosts.Entries("report"), entry => Assert.Null(entry.FirstSlot));
    }

    [Fact]
    public async Task A_slot_older_than_the_window_is_not_caught_up()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Hourly);
        await host.AdvanceAsync(1.Hours);
        hosts.Kill();

        await hosts.StartAsync(Hourly, StoredHosts.Start + 4.Hours + 40.Minutes);

        Assert.Equal(["01:00"], _runs);
        Assert.Equal(["01:00 Succeeded", "02:00–04:00 Skipped HostDown ×3"], hosts.History("report"));
    }

    [Fact]
    public async Task Run_all_catches_up_what_lies_within_the_window_in_order()
    {
        await using var hosts = new StoredHosts();
        void register(IServiceCollection services) =>
            Report(services).Every(1.Hours).SurviveRestarts(3.Hours).OnMissed(MissedSlots.RunAll);
        var host = await hosts.StartAsync(register);
        await host.AdvanceAsync(1.Hours);
        hosts.Kill();

        await hosts.StartAsync(register, StoredHosts.Start + 6.Hours + 1.Minutes);

        Assert.Equal(["01:00", "04:00", "05:00", "06:00"], _runs);
        Assert.Equal("02:00–03:00 Skipped HostDown ×2", hosts.History("report")[1]);
    }

    [Fact]
    public async Task An_iteration_whose_host_was_killed_is_interrupted_once_its_host_is_lost()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => Blocked(services).Every(1.Hours).SurviveRestarts(30.Minutes));
        await host.AdvanceAsync(1.Hours);
        hosts.Kill();

        var next = await hosts.StartAsync(Hourly, StoredHosts.Start + 1.Hours + 5.Seconds);
        Assert.Empty(hosts.History("report"));
        await next.AdvanceAsync(40.Seconds);

        Assert.Equal(["01:00 Interrupted HostLost"], hosts.History("report"));
        await next.AdvanceAsync(1.Hours);
        Assert.Equal(["01:00 Interrupted HostLost", "02:00 Succeeded"], hosts.History("report"));
    }

    [Fact]
    public async Task The_slots_of_a_period_are_the_same_in_every_process()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Hourly, StoredHosts.Start + 17.Minutes);

        await host.AdvanceAsync(1.Hours);

        Assert.Equal(["01:00"], _runs);
    }

    [Fact]
    public async Task Of_several_replicas_one_runs_each_slot_and_it_has_one_outcome()
    {
        await using var hosts = new StoredHosts();
        var one = await hosts.StartAsync(Hourly);
        var other = await hosts.StartAsync(Hourly);

        for (var hour = 0; hour < 3; hour++)
        {
            await one.AdvanceAsync(1.Hours);
            await other.AdvanceAsync(1.Hours);
        }

        Assert.Equal(["01:00", "02:00", "03:00"], _runs);
        Assert.Equal(["01:00 Succeeded", "02:00 Succeeded", "03:00 Succeeded"], hosts.History("report"));
        Assert.All(other["report"].History, record => Assert.Equal(OutcomeReason.AlreadyRun, record.Reason));
    }

    [Fact]
    public async Task A_stopped_host_leaves_the_slots_it_did_not_start_to_the_next_one()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Hourly);
        await host.AdvanceAsync(1.Hours);
        await host.SleepAsync(59.Minutes + 59.Seconds);
        await host.StopAsync();

        await hosts.StartAsync(Hourly, StoredHosts.Start + 2.Hours + 1.Minutes);

        Assert.Equal(["01:00 Succeeded", "02:00 Succeeded"], hosts.History("report"));
    }

    [Fact]
    public async Task A_schedule_that_was_changed_while_no_host_was_running_begins_at_the_start()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => Report(services).Cron("0 3 * * *").SurviveRestarts(6.Hours));
        await host.AdvanceAsync(4.Hours);
        hosts.Kill();

        await hosts.StartAsync(Hourly, StoredHosts.Start + 8.Hours + 1.Minutes);

        Assert.Equal(["03:00 Succeeded"], hosts.History("report"));
    }

    [Theory]
    [InlineData(Overlap.Skip)]
    [InlineData(Overlap.BufferOne)]
    [InlineData(Overlap.BufferAll)]
    [InlineData(Overlap.CancelRunning)]
    public async Task Each_slot_has_an_outcome_in_order_when_iterations_take_longer_than_the_period(Overlap overlap)
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => services
            .AddRecurringTask("report")
            .Step<TimeProvider>("wait", (time, _, token) => new(Task.Delay(150.Minutes, time, token)))
            .Every(1.Hours).SurviveRestarts(30.Minutes).OnOverlap(overlap, max: 2));

        await host.AdvanceAsync(12.Hours);
        await host.StopAsync();

        var next = StoredHosts.Start - 30.Seconds + 1.Hours;
        foreach (var entry in hosts.Entries("report"))
        {
            Assert.Equal(next, entry.FirstSlot ?? entry.Record.Slot);
            next = entry.Record.Slot + 1.Hours;
        }
        Assert.InRange(next, StoredHosts.Start + 9.Hours, StoredHosts.Start + 13.Hours);
    }

    [Fact]
    public void What_cannot_be_remembered_is_said_at_the_start()
    {
        using var host = new LoopHost(services =>
        {
            services.AddRecurringTask("delay", NoStep).WithDelay(1.Minutes).SurviveRestarts(1.Hours);
            services.AddRecurringTask("parallel", NoStep).Every(1.Minutes).OnOverlap(Overlap.Allow).SurviveRestarts(1.Hours);
            services.AddRecurringTask("fine", NoStep).Every(TimeSpan.FromTicks(10_000_001)).SurviveRestarts(TimeSpan.Zero);
        });

        var problems = Assert.Throws<InvalidRecurringTaskException>(host.StartHost).Problems;

        Assert.Equal(3, problems.Count(problem => problem.Contains("needs a store", StringComparison.Ordinal)));
        Assert.Contains(problems, problem => problem.Contains("Delay has none", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Overlap.Allow", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("whole number of microseconds", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("SurviveRestarts is 00:00:00", StringComparison.Ordinal));
    }

    private static ValueTask NoStep(Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private void Hourly(IServiceCollection services) => Report(services).Every(1.Hours).SurviveRestarts(30.Minutes);

    private IRecurringTaskBuilder Report(IServiceCollection services) =>
        services.AddRecurringTask("report", (Iteration iteration, CancellationToken _) =>
        {
            _runs.Add($"{iteration.Slot:HH:mm}");
            return ValueTask.CompletedTask;
        });

    private static IRecurringTaskBuilder Blocked(IServiceCollection services) => services
        .AddSingleton<Func<TimeProvider>>(provider => provider.GetRequiredService<TimeProvider>)
        .AddRecurringTask("report")
        .Step<TimeProvider>("wait", async (time, _, _) => await Task.Delay(10.Days, time, CancellationToken.None));
}
