using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Timing;

/// <summary>Alarms at the very ticks at which a digit of the wheel turns.</summary>
public class WheelDigitTests
{
    private static readonly long[] Turns = [256, 65_536, 16_777_216, 4_294_967_296];

    // After akka#1016: a delay that was a multiple of the wheel's period rang a period early or late.
    [Theory]
    [InlineData(256)]
    [InlineData(65_536)]
    [InlineData(16_777_216)]
    [InlineData(4_294_967_296)] // the low half of a tick, which is all that a row stores, is zero each time
    public void A_period_that_is_a_digit_of_the_wheel_is_kept(long milliseconds)
    {
        var period = TimeSpan.FromMilliseconds(milliseconds);
        using var visit = new VisitHost(task => task.Every(period));
        visit.Add(new Device(1));
        visit.Host.Advance(TimeSpan.FromMilliseconds(1));
        visit.Add(new Device(2));
        visit.Host.Advance(period * 3);

        Assert.Equal([0, 1, 2, 3], visit.Script.Of(1).Select(second => Math.Round(second / period.TotalSeconds, 6)));
        Assert.Equal([1, 1, 1, 1], visit.Script.Of(2).Zip(visit.Script.Of(1), (two, one) => Math.Round(1000 * (two - one), 3)));
    }

    // After tokio#3270 and #2473, hertzbeat#3173: an entry that was due and not yet taken was moved or removed, and the
    // wheel looked for it in the wrong slot, or counted it twice.
    [Fact]
    public void Alarms_of_such_a_tick_may_be_moved_and_disarmed_by_the_first_of_them()
    {
        foreach (var turn in Turns)
        {
            var clock = new PacemakerClock(frequency: 1000, start: 0);
            var rig = new PacemakerRig(clock);
            var wait = TimeSpan.FromMilliseconds(turn);
            var first = rig.Arm("first", wait);
            RecordingAlarm[] others = [.. Enumerable.Range(1, 4).Select(n => rig.Arm($"{n}", wait))];
            first.OnRing = () =>
            {
                first.OnRing = null;
                Assert.True(rig.Pacemaker.Disarm(others[0]));
                Assert.False(rig.Pacemaker.Disarm(others[0]));
                rig.Arm(others[1], wait);
                rig.Arm(others[2], TimeSpan.Zero);
                rig.Arm(first, wait);
                Assert.Equal(4, rig.Pacemaker.Armed);
            };

            clock.Walk(turn, rig.RunWorkers);
            Assert.Equal(["first", "4", "3"], rig.Rung);
            Assert.Equal(2, rig.Pacemaker.Armed);
            clock.Walk(turn - 1, rig.RunWorkers);
            Assert.Equal(3, rig.Rung.Count);
            clock.Walk(1, rig.RunWorkers);

            Assert.Equal(["first", "4", "3", "2", "first"], rig.Rung);
            Assert.Equal(0, rig.Pacemaker.Armed);
        }
    }

    // The same among the rows of keys: the first that runs removes, changes and finds others that are due.
    [Theory]
    [InlineData(65_536)]
    [InlineData(16_777_216)]
    public void Keys_that_are_due_at_such_a_tick_may_be_removed_and_changed_by_the_first_of_them(int milliseconds)
    {
        var period = TimeSpan.FromMilliseconds(milliseconds);
        using var visit = new VisitHost(task => task.Every(period).StartAfter(period));
        visit.Script.Step = device =>
        {
            if (visit.Script.Runs.Count > 1)
                return default;
            Assert.True(visit.Keys.TryRemove(new(2)));
            _ = visit.Keys.Find(new(3))!.ChangeAsync(options => options.Every = period * 2);
            Assert.True(visit.Keys.TryRemove(new(4)));
            Assert.True(visit.Keys.TryAdd(new(4)));
            return default;
        };
        visit.Add([.. Enumerable.Range(1, 5).Select(n => new Device(n))]);
        visit.Host.Advance(period * 3);

        var one = period.TotalSeconds;
        Assert.Equal([one, 2 * one, 3 * one], visit.Script.Of(1));
        Assert.Empty(visit.Script.Of(2));
        Assert.Equal([one, 3 * one], visit.Script.Of(3));
        Assert.Equal([2 * one, 3 * one], visit.Script.Of(4));
        Assert.Equal([one, 2 * one, 3 * one], visit.Script.Of(5));
    }
}
