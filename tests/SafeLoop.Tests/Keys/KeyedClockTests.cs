using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>Parked keys go with the wall clock as the loop of an ordinary task does.</summary>
public class KeyedClockTests
{
    [Fact]
    public void Exclusions_go_with_the_wall_clock_when_it_is_set_forward()
    {
        // Excluded 00:00 to 10:00. At 01:00 the clock is set to 09:30: the first slot is at 10:00, half an hour later.
        using var poll = new PollHost(task => task.Every(1.Minutes).Except(Exclusion.Times(new(0, 0), new(10, 0))));
        poll.Add("a");
        poll.Host.Advance(1.Hours);
        poll.Host.Clock.SetWallClock(LoopHost.Start + 9.Hours + 30.Minutes);
        poll.Host.Advance(31.Minutes);

        Assert.NotEmpty(poll.Script.Runs);
    }

    [Fact]
    public void Nothing_runs_within_excluded_time_after_the_clock_was_set_into_it()
    {
        using var poll = new PollHost(task => task.Every(30.Minutes).Except(Exclusion.Times(new(9, 0), new(12, 0))));
        poll.Add("a"); // 00:00
        poll.Host.Advance(10.Minutes);
        poll.Host.Clock.SetWallClock(LoopHost.Start + 9.Hours);
        poll.Host.Advance(1.Hours);

        Assert.Single(poll.Script.Runs);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("failing")]
    [InlineData("chosen")]
    public void A_parked_key_goes_on_although_the_clock_was_plainly_wrong_before(string kind)
    {
        using var poll =
            new PollHost(task => _ = kind is "failing" ? task.Cron("*/5 * * * *").BackOff(1.Minutes) : task.Cron("*/5 * * * *"));
        poll.Script.Step = (_, iteration, _) =>
        {
            if (kind is "chosen")
                iteration.NextIn(2.Minutes);
            return kind is "failing" ? throw new FormatException() : default;
        };
        poll.Add("a");
        poll.Host.Advance(kind is "plain" ? 10.Seconds : 5.Minutes + 10.Seconds);
        var before = poll.Script.Runs.Count;
        poll.Host.Clock.SetWallClock(LoopHost.Start - 100.Days);
        poll.Host.Advance(1.Hours);

        Assert.InRange(poll.Script.Runs.Count - before, 6, 30);
    }

    [Fact]
    public void Slots_increase_also_when_the_clock_is_set_while_a_chosen_instant_is_waited_for()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        var slots = new List<DateTimeOffset>();
        poll.Script.Step = (_, iteration, _) =>
        {
            slots.Add(iteration.Slot);
            if (iteration.Number == 2)
                iteration.NextAt(LoopHost.Start + 1.Minutes);
            return default;
        };
        poll.Add("a");
        poll.Advance(12);
        poll.Host.Clock.SetWallClock(LoopHost.Start + 5.Minutes);
        poll.Advance(30);

        Assert.Equal(slots.Order(), slots);
    }

    [Fact]
    public void A_chosen_instant_within_excluded_time_is_put_off_and_its_slot_with_it()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).Except(Exclusion.Times(new(0, 1), new(0, 2))));
        var slots = new List<int>();
        poll.Script.Step = (_, iteration, _) =>
        {
            slots.Add((int)(iteration.Slot - LoopHost.Start).TotalSeconds);
            if (iteration.Number == 1)
                iteration.NextAt(LoopHost.Start + 63.Seconds);
            return default;
        };
        poll.Add("a");
        poll.Advance(125);

        Assert.Equal([0, 120], slots);
    }

    [Fact]
    public void RunOnStart_that_waits_for_StartAt_goes_with_the_clock()
    {
        using var poll = new PollHost(task => task.Every(1.Hours).StartAt(LoopHost.Start + 30.Minutes).RunOnStart());
        poll.Add("a");
        poll.Advance(10);
        poll.Host.Clock.SetWallClock(LoopHost.Start + 29.Minutes);
        poll.Advance(90);

        Assert.Single(poll.Script.Runs);
    }
}
