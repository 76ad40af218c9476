using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;

namespace SafeLoop.Tests.Timing;

public class PacemakerTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly PacemakerRig _rig;

    public PacemakerTests() => _rig = new PacemakerRig(_clock);

    [Fact]
    public void An_alarm_rings_when_its_time_has_come_and_not_before()
    {
        _rig.Arm("a", Seconds(2));

        Advance(Seconds(2) - TimeSpan.FromTicks(1));
        Assert.Empty(_rig.Rung);

        Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["a"], _rig.Rung);

        Advance(TimeSpan.FromDays(1));
        Assert.Equal(["a"], _rig.Rung);
        Assert.Equal(0, _rig.Pacemaker.Armed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(-1_000_000)]
    public void An_alarm_that_is_late_already_rings_as_soon_as_a_worker_runs_but_not_inside_arm(int seconds)
    {
        _rig.Arm("late", Seconds(seconds));
        Assert.Empty(_rig.Rung);

        _rig.RunWorkers();
        Assert.Equal(["late"], _rig.Rung);
    }

    [Fact]
    public void Alarms_ring_in_the_order_they_are_due_and_in_the_same_millisecond_in_the_order_they_were_armed()
    {
        _rig.Arm("c", Seconds(70_000));
        _rig.Arm("b1", Seconds(3));
        _rig.Arm("a", TimeSpan.FromMilliseconds(1));
        Advance(Seconds(2.9));
        _rig.Arm("b2", Seconds(0.1));
        Advance(TimeSpan.FromDays(1));

        Assert.Equal(["a", "b1", "b2", "c"], _rig.Rung);
    }

    [Fact]
    public void Arming_again_moves_the_alarm()
    {
        var sooner = _rig.Arm("sooner", Seconds(100));
        var later = _rig.Arm("later", Seconds(1));
        _rig.Arm(sooner, Seconds(1));
        _rig.Arm(later, Seconds(100));
        Assert.Equal(2, _rig.Pacemaker.Armed);

        Advance(Seconds(99));
        Assert.Equal(["sooner"], _rig.Rung);

        Advance(Seconds(1));
        Assert.Equal(["sooner", "later"], _rig.Rung);
    }

    [Fact]
    public void Arming_again_also_moves_an_alarm_that_is_due_but_not_yet_handed_over()
    {
        var alarm = _rig.Arm("a", Seconds(1));
        _clock.Advance(Seconds(2));
        Assert.Equal(1, _rig.WorkersWaiting);

        _rig.Arm(alarm, Seconds(1));
        _rig.RunWorkers();
        Assert.Empty(_rig.Rung);

        Advance(Seconds(1));
        Assert.Equal(["a"], _rig.Rung);
    }

    [Fact]
    public void A_disarmed_alarm_does_not_ring_and_can_be_armed_again()
    {
        var alarm = _rig.Arm("a", Seconds(1));

        Assert.True(_rig.Pacemaker.Disarm(alarm));
        Assert.False(_rig.Pacemaker.Disarm(alarm));
        Advance(Seconds(2));
        Assert.Empty(_rig.Rung);

        _rig.Arm(alarm, Seconds(1));
        Advance(Seconds(2));
        Assert.Equal(["a"], _rig.Rung);
        Assert.False(_rig.Pacemaker.Disarm(alarm));
    }

    [Fact]
    public void An_alarm_that_is_due_can_be_disarmed_until_it_is_handed_over()
    {
        var first = _rig.Arm("first", Seconds(1));
        var second = _rig.Arm("second", Seconds(1));
        first.OnRing = () => Assert.True(_rig.Pacemaker.Disarm(second));
        second.OnRing = () => Assert.Fail("It was disarmed.");

        Advance(Seconds(1));
        Assert.Equal(["first"], _rig.Rung);
    }

    [Fact]
    public void Ring_may_arm_its_own_alarm_again()
    {
        var alarm = new RecordingAlarm("tick", _rig);
        alarm.OnRing = () => _rig.Arm(alarm, Seconds(1));
        _rig.Arm(alarm, Seconds(1));

        for (var second = 0; second < 5; second++)
            Advance(Seconds(1));

        Assert.Equal(5, _rig.Rung.Count);
    }

    [Fact]
    public void An_alarm_that_is_always_due_does_not_keep_the_others_out()
    {
        var busy = new RecordingAlarm("busy", _rig);
        busy.OnRing = () =>
        {
            _clock.Advance(TimeSpan.FromMicroseconds(100));   // each ring takes its time, and asks for the next at once
            _rig.Arm(busy, Seconds(-1));
        };
        _rig.Arm(busy, Seconds(0));
        _rig.Arm("other", TimeSpan.FromMilliseconds(5)).OnRing = () => busy.OnRing = null;

        _rig.RunWorkers();
        Assert.Contains("other", _rig.Rung);
        Assert.InRange(_rig.Rung.Count, 50, 60);
    }

    [Fact]
    public void For_ever_is_armed_but_never_rings()
    {
        var alarm = new RecordingAlarm("never", _rig);
        _rig.Pacemaker.Arm(alarm, long.MaxValue);

        Advance(TimeSpan.FromDays(365 * 7_000));
        Assert.Empty(_rig.Rung);
        Assert.Equal(1, _rig.Pacemaker.Armed);

        Assert.True(_rig.Pacemaker.Disarm(alarm));
        Assert.Equal(0, _rig.Pacemaker.Armed);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(400 * 365)]
    [InlineData(7_000 * 365)]
    public void A_wait_longer_than_any_timer_is_waited_in_pieces(int days)
    {
        _rig.Arm("yearly", TimeSpan.FromDays(days));

        for (var passed = 0; passed < days; passed += days / 20)
        {
            Assert.Empty(_rig.Rung);
            Advance(TimeSpan.FromDays(days / 20) - TimeSpan.FromMilliseconds(1));
            Assert.Empty(_rig.Rung);
            Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.Equal(["yearly"], _rig.Rung);
    }

    [Fact]
    public void A_jump_over_years_rings_what_was_armed_for_them_in_order()
    {
        var order = new List<int>();
        for (var n = 10_000; n > 0; n--)
        {
            var number = n;
            _rig.Arm("x", TimeSpan.FromHours(n)).OnRing = () => order.Add(number);
        }
        Advance(TimeSpan.FromDays(3_000));

        Assert.Equal(Enumerable.Range(1, 10_000), order);
    }

    [Fact]
    public void A_herd_in_a_far_bucket_rings_completely_and_in_order()
    {
        for (var n = 0; n < 10_000; n++)
            _rig.Arm($"{n / 100}", Seconds(100_000) + TimeSpan.FromMilliseconds(n / 100));
        Advance(Seconds(100_000.05));
        Assert.Equal(51 * 100, _rig.Rung.Count);
        Advance(Seconds(1));

        Assert.Equal(Enumerable.Range(0, 10_000).Select(n => $"{n / 100}"), _rig.Rung);
    }

    [Fact]
    public void What_a_ring_leaves_in_async_locals_is_gone_for_the_next()
    {
        var local = new AsyncLocal<string?>();
        _rig.Arm("first", Seconds(1)).OnRing = () => local.Value = "litter";
        _rig.Arm("second", Seconds(1)).OnRing = () => Assert.Null(local.Value);

        Advance(Seconds(1));
        Assert.Equal(["first", "second"], _rig.Rung);
    }

    [Fact]
    public void There_is_one_pacemaker_per_clock()
    {
        Assert.Same(Pacemaker.For(_clock), Pacemaker.For(_clock));
        Assert.NotSame(Pacemaker.For(_clock), Pacemaker.For(new FakeTimeProvider()));
        Assert.Same(_clock, Pacemaker.For(_clock).Time);
    }

    [Fact]
    public void A_clock_that_is_forgotten_takes_its_pacemaker_and_armed_alarms_with_it()
    {
        var alarm = ArmAndForget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(alarm.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference ArmAndForget()
        {
            var clock = new FakeTimeProvider();
            var alarm = new RecordingAlarm("forgotten", _rig);
            Pacemaker.For(clock).Arm(alarm, clock.GetTimestamp() + clock.TimestampFrequency);
            return new WeakReference(alarm);
        }
    }

    private void Advance(TimeSpan time)
    {
        _clock.Advance(time);
        _rig.RunWorkers();
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
