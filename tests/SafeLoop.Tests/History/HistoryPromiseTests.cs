using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Keys;
using static SafeLoop.Tests.History.HistoryOfHost;

namespace SafeLoop.Tests.History;

/// <summary>Sentences of docs/history.md, each tried with what makes it false most easily.</summary>
public class HistoryPromiseTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(30, false)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    public void Before_the_host_has_started_an_instant_without_a_record_says_that_the_schedule_has_not_begun(
        int second, bool hasEarlier)
    {
        using var host = new LoopHost(services => services.AddRecurringTask("t", Steps.None).Cron("*/10 * * * * *"));
        var store = hasEarlier ? new EntryStore(Entry("t", -1000, IterationOutcome.Succeeded)) : new EntryStore();

        var found = host.Explain("t", second, store: store);
        Assert.Equal(SlotFinding.NotStarted, found.Finding);
        Assert.Contains("its schedule has not begun", found.Text);
    }

    [Fact]
    public void An_instant_among_several_slots_of_one_record_has_that_record()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).WithDelay(10.Seconds));
        host["t"].Pause("release");
        host.Advance(45.Seconds);

        var found = host.Explain("t", 23);
        Assert.Equal((SlotFinding.AmongRecorded, 4), (found.Finding, found.Entry!.Record.Count));
        Assert.Equal("release", found.Pause?.Reason);
    }

    [Fact]
    public void Several_slots_of_an_earlier_schedule_that_end_at_a_time_of_the_present_one_are_still_among_their_record()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("*/10 * * * * *"));
        host["t"].Pause("release");
        host.Advance(61.Seconds);
        host["t"].Resume();
        _ = host["t"].ChangeAsync(options => options.Cron = "0 * * * * *");
        host.Advance(5.Minutes); // both have a slot at 60 s

        var found = host.Explain("t", 30);
        Assert.Equal((SlotFinding.AmongRecorded, "release"), (found.Finding, found.Pause?.Reason));
        Assert.Equal(SlotFinding.Recorded, host.Explain("t", 60).Finding);
    }

    [Fact]
    public void Skips_with_another_cause_are_another_record()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds));
        host.Do(() => host["t"].PauseAsync("release", "Ann"));
        host.Advance(25.Seconds);
        host.Do(() => host["t"].PauseAsync("moving", "Bob"));
        host.Advance(20.Seconds);

        Assert.Equal(("Ann", "Bob"), (host.Explain("t", 20).Pause?.By, host.Explain("t", 30).Pause?.By));
        Assert.Equal([2, 2], host["t"].History.Where(record => record.Outcome is IterationOutcome.Skipped)
            .Select(record => (int)record.Count));
    }

    [Fact]
    public void The_last_failure_is_kept_of_a_thousand_failing_keys_and_of_no_more()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (_, _, _) => throw new FormatException();
        poll.Add([.. Enumerable.Range(0, 1001).Select(key => $"{key:0000}")]);

        var findings = Enumerable.Range(0, 1001).Select(key => poll.Host.Explain("poll", 0, $"{key:0000}").Finding)
            .GroupBy(finding => finding).ToDictionary(same => same.Key, same => same.Count());
        Assert.Equal((1000, 1), (findings[SlotFinding.Recorded], findings[SlotFinding.NotKept]));
    }

    [Fact]
    public void While_a_run_by_hand_is_running_its_instant_says_so_and_the_slots_are_not_its()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Taking(0.Seconds, 40.Seconds))
            .Cron("* * * * *"));
        host.Advance(70.Seconds);
        host.Advance(35.Seconds);
        _ = host["t"].RunNowAsync();
        host.Settle();

        Assert.StartsWith("The run by hand of 't' at 2026-01-01 00:01:45 UTC has no outcome yet", host.Why("t", 105));
        Assert.StartsWith("2026-01-01 00:02:00 UTC is a slot of 't' that is yet to come", host.Why("t", 120));
    }
}
