namespace SafeLoop.Tests.Timing;

/// <summary>After many alarms the next wake-up comes a little later, and takes more with it.</summary>
public class PacemakerRestTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private readonly PacemakerClock _clock = new();
    private readonly PacemakerRig _rig;
    private int? _nextRangAt;

    public PacemakerRestTests() => _rig = new PacemakerRig(_clock, rest: Millisecond * 8);

    [Fact]
    public void After_a_few_alarms_the_next_is_on_time()
    {
        ArmMany(16, at: 10);
        ArmNext(at: 11);

        Assert.Equal(11, NextRingsAt());
    }

    [Fact]
    public void After_many_alarms_the_next_may_wait_8_ms_from_the_first_of_them()
    {
        ArmMany(17, at: 10);
        for (var other = 12; other <= 18; other++)
            _rig.Arm("other", Millisecond * other);
        ArmNext(at: 11);
        var changes = _clock.TimerChanges;

        Assert.Equal(18, NextRingsAt());
        Assert.Equal(17 + 8, _rig.Rung.Count);
        Assert.InRange(_clock.TimerChanges - changes, 0, 2); // one wake-up for all of them
    }

    [Fact]
    public void Alarms_after_the_rest_are_on_time()
    {
        ArmMany(100, at: 10);
        ArmNext(at: 19);

        Assert.Equal(19, NextRingsAt());
    }

    [Fact]
    public void What_is_armed_during_the_rest_waits_for_its_end_and_what_is_due_then_does_not()
    {
        ArmMany(100, at: 10);
        Walk(Millisecond * 11);
        var changes = _clock.TimerChanges;
        for (var i = 0; i < 100; i++)
            _rig.Arm("soon", Millisecond * 2);
        ArmNext(at: 2);
        Assert.InRange(_clock.TimerChanges - changes, 0, 1);

        _rig.Arm("now", TimeSpan.Zero);
        _rig.RunWorkers();
        Assert.Equal("now", _rig.Rung[^1]);
        Assert.Equal(18, NextRingsAt());
    }

    [Fact]
    public void Work_that_took_longer_than_the_rest_was_its_rest()
    {
        const int Herd = 1_000; // several turns of the worker
        for (var i = 0; i < Herd; i++)
            _rig.Arm("many", Millisecond * 10).OnRing = () => _clock.Now += _clock.Units(Millisecond) / 10;
        ArmNext(at: 111);

        Assert.Equal(111, NextRingsAt());
    }

    private void ArmMany(int count, int at)
    {
        for (var i = 0; i < count; i++)
            _rig.Arm("many", Millisecond * at);
    }

    private void Walk(TimeSpan time) => _clock.Walk(_clock.Units(time), _rig.RunWorkers);

    private void ArmNext(int at) =>
        _rig.Arm("next", Millisecond * at).OnRing = () => _nextRangAt = (int)(_clock.Now / _clock.Units(Millisecond));

    private int? NextRingsAt()
    {
        Walk(TimeSpan.FromSeconds(1));
        return _nextRangAt;
    }
}
