namespace SafeLoop.Tests.Timing;

/// <summary>How the pacemaker sets the clock's timer, and which wrong firings it tolerates.</summary>
public class PacemakerTimerTests
{
    [Theory]
    [InlineData(10_000_000, 0)]
    [InlineData(1_000_000_000, 0)]
    [InlineData(1_000_000_000, long.MinValue)]
    [InlineData(1_000_000_000, -5)]
    [InlineData(1_000, 123_456)]
    [InlineData(1_193_182, 77)]
    [InlineData(100, 0)]
    [InlineData(1, -1)]
    [InlineData(3_000_000_000_000, 5)]
    public void Any_frequency_and_any_first_timestamp_will_do(long frequency, long start)
    {
        var clock = new PacemakerClock(frequency, start);
        var rig = new PacemakerRig(clock);
        foreach (var seconds in new[] { 10, 3_600, 2_000_000 })
        {
            var due = rig.DueIn(TimeSpan.FromSeconds(seconds));
            var tick = Math.Max(1, frequency / 1000 + 1);
            rig.Arm($"{seconds}", TimeSpan.FromSeconds(seconds)).OnRing = () => Assert.InRange(clock.Now, due, due + 3 * tick);
        }
        clock.Walk(clock.Units(TimeSpan.FromSeconds(2_000_100)), rig.RunWorkers);

        Assert.Equal(["10", "3600", "2000000"], rig.Rung);
    }

    [Fact]
    public void A_timestamp_near_the_end_of_all_numbers_is_waited_for()
    {
        var clock = new PacemakerClock(start: long.MaxValue - 100_000_000);
        var rig = new PacemakerRig(clock);
        rig.Arm("end", TimeSpan.FromSeconds(9));
        clock.Walk(clock.Units(TimeSpan.FromSeconds(9.5)), rig.RunWorkers);

        Assert.Equal(["end"], rig.Rung);
    }

    [Fact]
    public void A_timer_that_fires_early_makes_nothing_ring_early()
    {
        var clock = new PacemakerClock { FiresEarlyBy = TimeSpan.FromMilliseconds(15) };
        var rig = new PacemakerRig(clock);
        for (var n = 1; n <= 100; n++)
        {
            var due = rig.DueIn(TimeSpan.FromMilliseconds(n * 37));
            rig.Arm("x", TimeSpan.FromMilliseconds(n * 37)).OnRing =
                () => Assert.InRange(clock.Now, due, due + clock.Units(TimeSpan.FromMilliseconds(1)));
        }
        clock.Walk(clock.Units(TimeSpan.FromSeconds(4)), rig.RunWorkers);

        Assert.Equal(100, rig.Rung.Count);
    }

    [Fact]
    public void A_timer_that_fires_out_of_turn_is_set_again_for_the_rest()
    {
        var clock = new PacemakerClock();
        var rig = new PacemakerRig(clock);
        rig.Arm("a", TimeSpan.FromSeconds(1));

        clock.Now += clock.Units(TimeSpan.FromMilliseconds(300));
        clock.FireTimer();
        rig.RunWorkers();

        Assert.Empty(rig.Rung);
        clock.Walk(clock.Units(TimeSpan.FromMilliseconds(699)), rig.RunWorkers);
        Assert.Empty(rig.Rung);
        clock.Walk(clock.Units(TimeSpan.FromMilliseconds(1)), rig.RunWorkers);
        Assert.Equal(["a"], rig.Rung);
    }

    [Fact]
    public void A_timer_that_fires_late_loses_nothing()
    {
        var clock = new PacemakerClock();
        var rig = new PacemakerRig(clock);
        rig.Arm("a", TimeSpan.FromSeconds(1));
        rig.Arm("b", TimeSpan.FromSeconds(2));
        rig.Arm("c", TimeSpan.FromSeconds(4));

        clock.Jump(clock.Units(TimeSpan.FromSeconds(3)));
        rig.RunWorkers();
        Assert.Equal(["a", "b"], rig.Rung);

        clock.Jump(clock.Units(TimeSpan.FromSeconds(1)));
        rig.RunWorkers();
        Assert.Equal(["a", "b", "c"], rig.Rung);
    }

    [Fact]
    public void The_timer_is_touched_only_when_an_alarm_is_earlier_than_its_setting()
    {
        var clock = new PacemakerClock();
        var rig = new PacemakerRig(clock);
        Assert.Equal((1, 0), (clock.TimersCreated, clock.TimerChanges));

        rig.Arm("a", TimeSpan.FromSeconds(10));
        Assert.Equal((1, TimeSpan.FromSeconds(10)), (clock.TimerChanges, clock.LastWait));

        for (var n = 0; n < 1_000; n++)
            rig.Arm("later", TimeSpan.FromSeconds(10 + n));
        Assert.Equal(1, clock.TimerChanges);

        var sooner = rig.Arm("sooner", TimeSpan.FromSeconds(5));
        Assert.Equal((2, TimeSpan.FromSeconds(5)), (clock.TimerChanges, clock.LastWait));

        rig.Pacemaker.Disarm(sooner);
        Assert.Equal(2, clock.TimerChanges);
        Assert.Equal(1, clock.TimersCreated);
    }

    [Fact]
    public void Nothing_happens_while_nothing_is_armed()
    {
        var clock = new PacemakerClock();
        var rig = new PacemakerRig(clock);
        rig.Arm("a", TimeSpan.FromSeconds(1));
        clock.Walk(clock.Units(TimeSpan.FromSeconds(2)), rig.RunWorkers);
        var changes = clock.TimerChanges;

        clock.Walk(clock.Units(TimeSpan.FromDays(100)), rig.RunWorkers);

        Assert.Equal(changes, clock.TimerChanges);
        Assert.Null(clock.TimerDue);
        Assert.Equal(0, rig.WorkersWaiting);
    }

    [Fact]
    public void A_far_alarm_wakes_the_process_a_handful_of_times_not_every_tick()
    {
        var clock = new PacemakerClock();
        var rig = new PacemakerRig(clock);
        rig.Arm("first", TimeSpan.FromMinutes(1));
        for (var n = 0; n < 1_000; n++)
            rig.Arm("far", TimeSpan.FromDays(20) + TimeSpan.FromMilliseconds(n % 7));
        clock.Walk(clock.Units(TimeSpan.FromDays(19)), rig.RunWorkers);

        Assert.Equal(["first"], rig.Rung);
        Assert.InRange(clock.TimerChanges, 1, 3);

        clock.Walk(clock.Units(TimeSpan.FromDays(2)), rig.RunWorkers);
        Assert.Equal(1_001, rig.Rung.Count);
        Assert.InRange(clock.TimerChanges, 8, 14);
    }

    [Fact]
    public void No_timer_is_ever_asked_for_more_than_it_can_count()
    {
        var clock = new PacemakerClock();
        var rig = new PacemakerRig(clock);
        rig.Arm("far", TimeSpan.FromDays(3_650));

        Assert.InRange(clock.LastWait, TimeSpan.FromDays(20), TimeSpan.FromMilliseconds(int.MaxValue));
        clock.Walk(clock.Units(TimeSpan.FromDays(3_650)), () =>
        {
            Assert.InRange(clock.LastWait, TimeSpan.Zero, TimeSpan.FromMilliseconds(int.MaxValue));
            rig.RunWorkers();
        });
        Assert.Equal(["far"], rig.Rung);
    }

    [Fact]
    public void The_timer_keeps_no_execution_context_alive()
    {
        var local = new AsyncLocal<string?> { Value = "request" };
        var clock = new ContextKeepingClock();
        _ = new Pacemaker(clock);

        Assert.True(clock.FlowWasSuppressed);
        Assert.False(ExecutionContext.IsFlowSuppressed());
        Assert.Equal("request", local.Value);

        using (ExecutionContext.SuppressFlow())
        {
            _ = new Pacemaker(clock);
            Assert.True(ExecutionContext.IsFlowSuppressed());
        }
    }

    private sealed class ContextKeepingClock : TimeProvider
    {
        public bool FlowWasSuppressed { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            FlowWasSuppressed = ExecutionContext.IsFlowSuppressed();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
