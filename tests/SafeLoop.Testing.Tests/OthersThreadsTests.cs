namespace SafeLoop.Testing.Tests;

/// <summary>
/// What keeps threads of the pool busy and is not a step: taken for granted only if it was
/// seen for long enough while no step ran.
/// </summary>
public class OthersThreadsTests
{
    private readonly VirtualClock _time = new(DateTimeOffset.UnixEpoch);
    private readonly OthersThreads _others;

    public OthersThreadsTests() => _others = new(_time);

    [Fact]
    public void Nothing_is_known_until_a_window_has_passed_however_many_looks_there_were()
    {
        Look(2, OthersThreads.Looks * 2);
        Pass(OthersThreads.Window - TimeSpan.FromMilliseconds(1));
        _others.SawWithoutSteps(2);
        Assert.Equal(0, _others.Count);

        Pass(TimeSpan.FromMilliseconds(1));
        _others.SawWithoutSteps(2);
        Assert.Equal(2, _others.Count);
    }

    [Fact]
    public void Nothing_is_known_until_there_were_many_looks_however_long_it_took()
    {
        Look(2, OthersThreads.Looks - 2);
        Pass(OthersThreads.Window * 3);
        _others.SawWithoutSteps(2);
        Assert.Equal(0, _others.Count);

        _others.SawWithoutSteps(2);
        Assert.Equal(2, _others.Count);
    }

    [Fact]
    public void The_least_that_was_seen_counts()
    {
        See(3, 1, 3);
        Assert.Equal(1, _others.Count);
    }

    [Fact]
    public void What_is_seen_while_steps_run_can_only_make_it_less()
    {
        See(2, 2, 2);
        _others.Saw(5);
        Assert.Equal(2, _others.Count);

        _others.Saw(1);
        Assert.Equal(1, _others.Count);
    }

    [Fact]
    public void One_look_is_no_evidence_however_long_ago()
    {
        _others.SawWithoutSteps(2);
        Pass(TimeSpan.FromSeconds(10));
        _others.SawWithoutSteps(2);
        Assert.Equal(0, _others.Count);
    }

    [Fact]
    public void It_is_forgotten_when_it_is_no_longer_observed()
    {
        See(2, 2, 2);
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(0, _others.Count);
    }

    private void Pass(TimeSpan time) => _time.MoveTo(_time.GetTimestamp() + time.Ticks);

    private void See(params int[] threads)
    {
        foreach (var seen in threads)
        {
            Look(seen, OthersThreads.Looks / 2);
            Pass(OthersThreads.Window * 0.6);
        }
        _others.SawWithoutSteps(threads[^1]);
    }

    private void Look(int threads, int times)
    {
        for (var look = 0; look < times; look++)
            _others.SawWithoutSteps(threads);
    }
}
