using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Persistence;

/// <summary>Replicas that start for the first time, and whose clocks differ by more than a period.</summary>
public class DifferentClocksTests
{
    private static readonly TimeSpan Ahead = 3.Hours + 10.Minutes;

    private readonly List<string> _runs = [];

    [Fact]
    public async Task The_slots_before_the_first_one_of_a_host_that_is_ahead_have_an_outcome()
    {
        await using var hosts = new StoredHosts();
        var behind = await hosts.StartAsync(Hourly);
        var ahead = await hosts.StartAsync(Hourly, StoredHosts.Start + Ahead);

        await behind.AdvanceAsync(1.Hours);
        await ahead.AdvanceAsync(1.Hours);
        await behind.AdvanceAsync(2.Hours);
        await ahead.AdvanceAsync(1.Hours);

        Assert.Equal(["01:00", "04:00", "05:00"], _runs);
        Assert.Equal(
            ["01:00 Succeeded", "02:00–03:00 Skipped HostDown ×2", "04:00 Succeeded", "05:00 Succeeded"],
            hosts.History("report"));
    }

    [Fact]
    public async Task So_have_they_when_its_first_slot_is_skipped()
    {
        await using var hosts = new StoredHosts();
        var behind = await hosts.StartAsync(Hourly);
        var ahead = await hosts.StartAsync(Hourly, StoredHosts.Start + Ahead);
        await behind.AdvanceAsync(1.Hours);

        ahead["report"].Pause();
        await ahead.AdvanceAsync(1.Hours);

        Assert.Equal(
            ["01:00 Succeeded", "02:00–03:00 Skipped HostDown ×2", "04:00 Skipped Paused"], hosts.History("report"));
    }

    [Fact]
    public async Task A_clock_that_was_years_ahead_does_not_stop_the_task_once_it_is_right()
    {
        await using var hosts = new StoredHosts();
        var wrong = await hosts.StartAsync(Hourly, StoredHosts.Start.AddYears(40));
        await wrong.AdvanceAsync(2.Hours);
        hosts.Kill();
        _runs.Clear();

        var right = await hosts.StartAsync(Hourly, StoredHosts.Start);
        await right.AdvanceAsync(2.Hours);

        Assert.Equal(["01:00", "02:00"], _runs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_schedule_that_has_changed_begins_with_the_first_host_of_the_new_one(bool isByCommand)
    {
        await using var hosts = new StoredHosts();
        var old = await hosts.StartAsync(ThreeTimesAnHour);
        await old.AdvanceAsync(20.Minutes);
        if (isByCommand)
            await old.Services.GetRequiredService<IRecurringTaskCommands>().SendAsync(
                new() { TaskName = "report", Kind = TaskCommandKind.Change, Options = """{ "Every": "01:00:00" }""" });
        await old.AdvanceAsync(6.Seconds);
        hosts.Kill();
        Action<IServiceCollection> register = isByCommand ? ThreeTimesAnHour : Hourly;
        var behind = await hosts.StartAsync(register, StoredHosts.Start + 70.Minutes);
        var ahead = await hosts.StartAsync(register, StoredHosts.Start + Ahead);

        await behind.AdvanceAsync(1.Hours);
        await ahead.AdvanceAsync(1.Hours);

        Assert.Equal(["00:20", "02:00", "04:00"], _runs);
        Assert.Equal(
            ["00:20 Succeeded", "02:00 Succeeded", "03:00 Skipped HostDown", "04:00 Succeeded"], hosts.History("report"));
    }

    [Fact]
    public async Task A_host_that_is_behind_leaves_the_slots_to_the_others()
    {
        await using var hosts = new StoredHosts();
        var behind = await hosts.StartAsync(Hourly);
        var ahead = await hosts.StartAsync(Hourly, StoredHosts.Start + Ahead);

        await ahead.AdvanceAsync(1.Hours);
        await behind.AdvanceAsync(5.Hours);

        Assert.Equal(["04:00", "05:00"], _runs);
        Assert.Equal(["04:00 Succeeded", "05:00 Succeeded"], hosts.History("report"));
    }

    private void ThreeTimesAnHour(IServiceCollection services) =>
        Report(services).Every(20.Minutes).SurviveRestarts(6.Hours);

    private void Hourly(IServiceCollection services) => Report(services).Every(1.Hours).SurviveRestarts(6.Hours);

    private IRecurringTaskBuilder Report(IServiceCollection services) =>
        services.AddRecurringTask("report", (Iteration iteration, CancellationToken _) =>
        {
            _runs.Add($"{iteration.Slot:HH:mm}");
            return ValueTask.CompletedTask;
        });
}
