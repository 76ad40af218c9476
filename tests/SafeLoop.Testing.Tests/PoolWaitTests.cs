namespace SafeLoop.Testing.Tests;

/// <summary>
/// A busy thread pool is given up on only when others have had their turn in it many times: real time
/// alone proves nothing in a starved process.
/// </summary>
public class PoolWaitTests
{
    private readonly VirtualClock _time = new(DateTimeOffset.UnixEpoch);
    private readonly PoolWait _wait;

    public PoolWaitTests() => _wait = new(_time);

    [Fact]
    public void It_is_not_over_before_others_have_had_their_turn_however_long_it_takes()
    {
        Assert.False(_wait.IsOver(3));
        Pass(PoolWait.Longest - TimeSpan.FromMilliseconds(1));
        for (var turn = 0; turn < PoolWait.Turns / 2; turn++)
            Assert.False(_wait.IsOver(3));
        Assert.True(SpinWait.SpinUntil(() => _wait.IsOver(3), TimeSpan.FromMinutes(5)));

        Assert.Equal(3, _wait.Least);
    }

    [Fact]
    public void It_is_not_over_before_a_window_has_passed_however_many_turns_there_were()
    {
        for (var look = 0; look < PoolWait.Turns * 1000; look++)
            Assert.False(_wait.IsOver(3));
    }

    [Fact]
    public void It_is_over_in_the_end_where_nothing_goes_through_the_pool()
    {
        Assert.False(_wait.IsOver(int.MaxValue));
        Pass(PoolWait.Longest);
        Assert.True(_wait.IsOver(int.MaxValue));

        Assert.Equal(0, _wait.Least); // queued work does not show whether threads are free
    }

    [Fact]
    public void The_least_that_was_seen_counts()
    {
        Assert.False(_wait.IsOver(3));
        Assert.False(_wait.IsOver(2));
        Assert.False(_wait.IsOver(int.MaxValue));

        Assert.Equal(2, _wait.Least);
    }

    private void Pass(TimeSpan time) => _time.MoveTo(_time.GetTimestamp() + time.Ticks);
}
