using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>
/// The slots of one loop strictly increase, runs by hand included, so a store that rejects earlier slots rejects none of them.
/// </summary>
public class SlotOrderTests
{
    [Theory]
    [InlineData(Overlap.BufferAll)]
    [InlineData(Overlap.Allow)]
    public void Runs_by_hand_that_are_asked_for_at_one_moment_have_slots_of_their_own(Overlap overlap)
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("t", Steps.Taking(1.Seconds)).Every(10.Seconds).OnOverlap(overlap));
        host.Advance(3.Seconds);
        for (var run = 0; run < 3; run++)
            _ = host["t"].RunNowAsync();
        host.Advance(30.Seconds);

        Assert.Equal(7, SlotsOf(host).Length);
        AssertIncreasing(host);
        Assert.Equal([10, 20, 30], SlotsOf(host).Where(slot => slot.Ticks % TimeSpan.TicksPerSecond == 0)
            .Select(slot => (slot - LoopHost.Start).TotalSeconds).Skip(2));
    }

    [Fact]
    public void A_run_by_hand_before_a_slot_that_waits_for_its_jitter_comes_before_it()
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("t", Steps.None).Cron("0 * * * *").WithJitter(30.Minutes));
        for (var minute = 0; minute < 240; minute += 7)
        {
            host.Run("t");
            host.Advance(7.Minutes);
        }
        host.Advance(30.Minutes);

        AssertIncreasing(host);
        Assert.Equal(4, SlotsOf(host).Count(slot => slot is { Minute: 0, Second: 0, Millisecond: 0 }
            && slot.Ticks % TimeSpan.TicksPerSecond == 0 && slot > LoopHost.Start));
    }

    [Fact]
    public void A_store_that_refuses_what_is_not_later_accepts_every_run_and_every_slot()
    {
        var (accepted, refused, last) = (0, 0, default(DateTimeOffset));
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (iteration, _) =>
        {
            if (iteration.Slot > last)
                (accepted, last) = (accepted + 1, iteration.Slot);
            else
                refused++;
            return default;
        }).Cron("* * * * *").WithJitter(50.Seconds));
        for (var turn = 0; turn < 100; turn++)
        {
            host.Run("t");
            host.Advance(13.Seconds);
        }
        host.Advance(15.Seconds); // until all has run that was due within 21 minutes

        Assert.Equal((0, 100 + 21), (refused, accepted));
    }

    [Fact]
    public void A_run_by_hand_is_marked_and_is_not_late()
    {
        var marked = new List<bool>();
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (iteration, _) =>
        {
            marked.Add(iteration.IsManual);
            return default;
        }).Cron("0 * * * *").WithJitter(50.Minutes).RunOnStart());
        host.Advance(2.Hours);
        var slots = host.Records().Count;
        var run = host.Run("t");

        Assert.True(run.IsManual);
        Assert.Equal(TimeSpan.Zero, run.Lateness);
        Assert.Equal([.. Enumerable.Repeat(false, slots), true], marked);
        Assert.Equal(marked, host["t"].History.Select(record => record.IsManual));
        Assert.All(
            host.Observer.Of(LoopEventKind.IterationStarted), e => Assert.Equal(e.Record.Number > slots, e.Record.IsManual));
    }

    [Fact]
    public void A_back_off_that_ends_with_a_run_by_hand_brings_no_earlier_slot_back()
    {
        var fails = true;
        using var host = LoopHost.Run(services => services.AddRecurringTask(
            "t", (_, _) => fails ? throw new FormatException() : default).Every(7.Seconds).BackOff(10.Seconds));
        host.Advance(8.Seconds);
        fails = false;
        host.Run("t");
        host.Advance(20.Seconds);

        Assert.Equal([0, 8, 14, 21, 28], SlotsOf(host).Select(slot => (slot - LoopHost.Start).TotalSeconds));
    }

    [Theory]
    [InlineData("restart")]
    [InlineData("interval")]
    [InlineData("delay")]
    [InlineData("cron")]
    [InlineData("continuously")]
    public void What_begins_at_the_moment_of_a_run_by_hand_comes_after_it(string what)
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("t", Steps.Taking(1.Seconds)).Every(10.Seconds).OnOverlap(Overlap.BufferAll));
        host.Advance(5.Seconds);
        host.Run("t", 1.Seconds);
        _ = host["t"].RunNowAsync();
        host.Advance(1.Seconds);
        if (what == "restart")
        {
            host["t"].Stop();
            host.Settle();
            host["t"].Start();
        }
        else
        {
            _ = host["t"].ChangeAsync(options =>
            {
                options.Every = what == "interval" ? 3.Seconds : null;
                options.Delay = what == "delay" ? 3.Seconds : null;
                options.Cron = what == "cron" ? "* * * * * *" : null;
                options.Continuously = what == "continuously";
            });
        }
        host.Advance(20.Seconds);

        AssertIncreasing(host);
        Assert.True(SlotsOf(host).Length > 4);
    }

    [Fact]
    public void A_slot_that_a_step_chose_comes_after_a_run_by_hand_of_the_same_moment()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (iteration, _) =>
        {
            if (iteration.Number < 4)
                iteration.NextIn(iteration.Number == 1 ? 5.Seconds : TimeSpan.Zero);
            return default;
        }).Every(10.Seconds));
        host.Advance(4.Seconds);
        host.Run("t");
        host.Advance(1.Seconds);
        host.Run("t");
        host.Advance(30.Seconds);

        AssertIncreasing(host);
    }

    [Fact]
    public void A_run_by_hand_that_was_made_while_the_clock_was_ahead_holds_up_no_slot()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron("0 3 * * *"));
        host.Clock.SetWallClock(LoopHost.Start + 2.Hours);
        host.Advance(1.Seconds);
        host.Run("t");
        host.Clock.SetWallClock(LoopHost.Start + 1.Hours);
        host.Advance(3.Hours);

        Assert.Contains(LoopHost.Start + 3.Hours, SlotsOf(host));
    }

    [Fact]
    public void Slots_missed_while_a_run_by_hand_is_asked_for_come_after_it()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds)
            .OnMissed(MissedSlots.RunAll).OnOverlap(Overlap.BufferAll));
        host.Advance(5.Seconds);
        var run = host["t"].RunNowAsync();
        host.Sleep(60.Seconds);
        host.Advance(10.Seconds);

        Assert.Equal(IterationOutcome.Succeeded, run.Answer().Outcome);
        AssertIncreasing(host);
        Assert.Equal(9, SlotsOf(host).Length);
    }

    private static DateTimeOffset[] SlotsOf(LoopHost host) => SlotsOf(host.Records());

    internal static DateTimeOffset[] SlotsOf(IEnumerable<IterationRecord> records) =>
        [.. records.Where(record => record.Number > 0).OrderBy(record => record.Number).Select(record => record.Slot)];

    private static void AssertIncreasing(LoopHost host) => Assert.Equal(SlotsOf(host).Order().Distinct(), SlotsOf(host));
}
