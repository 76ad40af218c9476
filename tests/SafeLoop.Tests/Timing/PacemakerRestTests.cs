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
        ArmMany(16, at: 100);
        ArmNext(at: 101);

        Assert.Equal(101, NextRingsAt());
    }

    [Fact]
    public void A_few_alarms_are_a_few_whatever_comes_after_them()
    {
        ArmMany(16, at: 100);
        _rig.Arm("another", Millisecond * 101);
        ArmNext(at: 103);

        Assert.Equal(103, NextRingsAt());
    }

    [Fact]
    public void After_many_alarms_the_next_may_wait_8_ms_from_the_first_of_them()
    {
        ArmMany(17, at: 100);
        for (var other = 102; other <= 108; other++)
            _rig.Arm("other", Millisecond * other);
        ArmNext(at: 101);
        var changes = _clock.TimerChanges;

        Assert.Equal(108, NextRingsAt());
        Assert.Equal(17 + 8, _rig.Rung.Count);
        Assert.InRange(_clock.TimerChanges - changes, 0, 2); // one wake-up for all of them
    }

    [Fact]
    public void Alarms_after_the_rest_are_on_time()
    {
        ArmMany(100, at: 100);
        ArmNext(at: 109);

        Assert.Equal(109, NextRingsAt());
    }

    [Fact]
    public void What_is_armed_during_the_rest_for_less_than_it_is_on_time()
    {
        ArmMany(100, at: 100);
        Walk(Millisecond * 101);
        ArmNext(at: 2);
        _rig.Arm("now", TimeSpan.Zero);
        _rig.RunWorkers();

        Assert.Equal("now", _rig.Rung[^1]);
        Assert.Equal(103, NextRingsAt());
    }

    [Fact]
    public void A_short_wait_is_on_time_though_a_herd_comes_first()
    {
        ArmMany(100, at: 100);
        _clock.Now += _clock.Units(Millisecond * 98); // quiet until then
        ArmNext(at: 3);

        Assert.Equal(101, NextRingsAt());
    }

    [Fact]
    public void Many_loops_that_run_every_few_milliseconds_miss_none()
    {
        var late = new List<double>();
        for (var loop = 0; loop < 100; loop++)
        {
            var alarm = new RecordingAlarm("fast", _rig);
            var due = _rig.DueIn(Millisecond * 100);
            alarm.OnRing = () =>
            {
                late.Add((double)(_clock.Now - due) / _clock.Units(Millisecond));
                due += _clock.Units(Millisecond * 5);
                _rig.Pacemaker.Arm(alarm, due);
            };
            _rig.Pacemaker.Arm(alarm, due);
        }
        Walk(TimeSpan.FromSeconds(1));

        Assert.Equal(100 * 181, late.Count);
        Assert.InRange(late.Max(), 0, 1);
    }

    [Fact]
    public void Work_that_took_longer_than_the_rest_was_its_rest()
    {
        const int Herd = 1_000; // several turns of the worker
        for (var i = 0; i < Herd; i++)
            _rig.Arm("many", Millisecond * 100).OnRing = () => _clock.Now += _clock.Units(Millisecond) / 10;
        ArmNext(at: 201);

        Assert.Equal(201, NextRingsAt());
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
