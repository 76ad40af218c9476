namespace SafeLoop.Tests.Timing;

/// <summary>A worker yields the thread pool after 5 ms, however few alarms it has rung.</summary>
public class PacemakerTurnTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private readonly PacemakerClock _clock = new();
    private readonly PacemakerRig _rig;

    public PacemakerTurnTests() => _rig = new PacemakerRig(_clock);

    [Theory]
    [InlineData(800, "a | b | c")]
    [InlineData(5, "a | b | c")]
    [InlineData(3, "a b | c")]
    [InlineData(0, "a b c")]
    public void It_takes_no_further_alarm_once_its_turn_has_lasted_5_ms(int takes, string turns)
    {
        foreach (var name in new[] { "a", "b", "c" })
            _rig.Arm(name, Millisecond).OnRing = () => _clock.Now += _clock.Units(Millisecond * takes);
        _clock.Now += _clock.Units(Millisecond);
        _clock.FireTimer();

        Assert.Equal(turns, string.Join(" | ", Turns()));
    }

    [Fact]
    public void A_turn_that_begins_late_still_takes_one_alarm()
    {
        _rig.Arm("a", Millisecond);
        _clock.Jump(_clock.Units(Millisecond * 1000));
        _rig.RunWorkers();

        Assert.Equal(["a"], _rig.Rung);
        Assert.Equal(Millisecond * 999, _rig.Pacemaker.Lateness);
    }

    [Fact]
    public void Its_worst_lateness_is_forgotten_after_two_minutes()
    {
        _rig.Arm("late", Millisecond);
        _clock.Jump(_clock.Units(Millisecond * 501));
        _rig.RunWorkers();
        foreach (var (minutes, expected) in new[] { (0.5, 500), (0.8, 500), (0.9, 0) })
        {
            _clock.Now += _clock.Units(TimeSpan.FromMinutes(minutes));
            Assert.Equal(Millisecond * expected, _rig.Pacemaker.Lateness);
        }
    }

    private IEnumerable<string> Turns()
    {
        while (_rig.WorkersWaiting > 0)
        {
            var before = _rig.Rung.Count;
            _rig.RunOneWorker();
            if (_rig.Rung.Count > before)
                yield return string.Join(" ", _rig.Rung.Skip(before));
        }
    }
}
