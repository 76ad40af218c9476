using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>Slots every 10 seconds; the process sleeps from 1 until 58.</summary>
public class MissedSlotsTests
{
    [Theory]
    [InlineData(MissedSlots.RunLatest, -1, 100, "40 Missed x4", "50 ok @58")]
    [InlineData(MissedSlots.RunLatest, 8, 100, "40 Missed x4", "50 ok @58")]
    [InlineData(MissedSlots.RunLatest, 7, 100, "50 Missed x5")]
    [InlineData(MissedSlots.Skip, -1, 100, "50 Missed x5")]
    [InlineData(MissedSlots.Skip, 8, 100, "40 Missed x4", "50 ok @58")]
    [InlineData(MissedSlots.RunAll, -1, 100, "10 ok @58", "20 ok @58", "30 ok @58", "40 ok @58", "50 ok @58")]
    [InlineData(MissedSlots.RunAll, -1, 2, "30 Missed x3", "40 ok @58", "50 ok @58")]
    [InlineData(MissedSlots.RunAll, 28, 100, "20 Missed x2", "30 ok @58", "40 ok @58", "50 ok @58")]
    [InlineData(MissedSlots.RunAll, 27, 100, "30 Missed x3", "40 ok @58", "50 ok @58")]
    [InlineData(MissedSlots.RunAll, 7, 100, "50 Missed x5")]
    public void Late_slots_run_or_are_recorded_as_missed(MissedSlots policy, int window, int max, params string[] late)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds)
            .OnMissed(policy, window < 0 ? null : window.Seconds, max));
        host.Advance(1.Seconds);

        host.Sleep(57.Seconds);
        host.Advance(12.Seconds);

        Assert.Equal([.. new[] { "0 ok" }, .. late, "60 ok", "70 ok"], host.Slots());
    }

    [Fact]
    public void Skip_lets_a_slot_run_that_is_nearer_to_its_time_than_to_the_next()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds)
            .OnMissed(MissedSlots.Skip));

        host.Sleep(55.Seconds);

        Assert.Equal(["0 ok", "40 Missed x4", "50 ok @55"], host.Slots());
    }

    [Fact]
    public void Late_slots_of_cron_are_those_of_the_calendar()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None)
            .Cron("0 9,17 * * *").OnMissed(MissedSlots.RunAll, window: 20.Hours));

        // The 3rd, ten o'clock: 9 is an hour late, 17 of the day before 17 hours, 9 of the day before 25.
        host.Sleep(2.Days + 10.Hours);

        Assert.Equal(["2.09 Missed x3", "2.17 ok x1", "3.09 ok x1"], host.Records().Select(record =>
            $"{record.Slot:d.HH} {(record.Number > 0 ? "ok" : record.Reason)} x{record.Count}"));
    }

    [Fact]
    public void A_million_missed_slots_cost_as_much_as_one()
    {
        using var one = Slept(2);
        using var million = Slept(1_000_001);

        Assert.Equal(["0 ok", "1 Missed", "2 ok"], one.Host.Slots());
        Assert.Equal(["0 ok", "1000000 Missed x1000000", "1000001 ok"], million.Host.Slots());
        Assert.Equal(1_000_000, million.Host["t"].Snapshot().Missed);
        Assert.Equal(one.Host.Observer.Events.Count, million.Host.Observer.Events.Count);
        Assert.InRange(million.Bytes, 0, one.Bytes + 10_000);
    }

    [Fact]
    public void A_million_missed_slots_of_cron_are_counted_right()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("* * * * * *"));

        host.Sleep(1_000_001.Seconds);

        Assert.Equal(["1000000 Missed x1000000", "1000001 ok"], host.Slots());
    }

    [Fact]
    public void More_than_a_hundred_missed_starts_do_not_end_the_loop()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("* * * * *"));

        host.Sleep(10.Days);
        host.Advance(2.Minutes);

        Assert.Equal(3, host.Records().Count(record => record.Outcome is IterationOutcome.Succeeded));
    }

    [Fact]
    public void An_iteration_that_ran_while_the_process_slept_overlaps_the_slots_it_slept_through()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Taking(5.Seconds)).Every(10.Seconds));

        host.Sleep(58.Seconds);

        Assert.Equal(["50 PreviousRunning x5", "0 ok"], host.Slots());
    }

    [Fact]
    public void Slots_that_come_due_while_paused_are_recorded_as_paused_also_when_slept_through()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds));
        host["t"].Pause();

        host.Sleep(58.Seconds);
        host["t"].Resume();
        host.Advance(5.Seconds);

        Assert.Equal(["0 ok", "50 Paused x5", "60 ok"], host.Slots());
    }

    private static SleptHost Slept(int seconds)
    {
        var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(1.Seconds));
        var before = GC.GetAllocatedBytesForCurrentThread();
        host.Sleep(seconds.Seconds);
        return new(host, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed record SleptHost(LoopHost Host, long Bytes) : IDisposable
    {
        public void Dispose() => Host.Dispose();
    }
}
