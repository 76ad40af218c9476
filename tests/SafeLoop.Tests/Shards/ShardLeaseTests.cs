using SafeLoop.Tests.Timing;

namespace SafeLoop.Tests.Shards;

/// <summary>
/// A lease of 10 seconds is valid for 9 seconds after its last granted renewal was asked for, and then never again.
/// </summary>
public class ShardLeaseTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly VirtualClock _clock = new(LoopHost.Start);
    private readonly PacemakerRig _rig;
    private readonly ShardLease _lease;

    public ShardLeaseTests()
    {
        _rig = new(_clock);
        _lease = new(_rig.Pacemaker, Second * 10);
    }

    [Fact]
    public void It_is_lost_after_nine_tenths_of_its_length()
    {
        Advance(8.999);
        Assert.True(_lease.IsValid);

        Advance(0.001);
        Assert.True(_lease.Lost.IsCancellationRequested);
        Assert.False(_lease.IsValid);
        Assert.Equal("The lease was not renewed for 9/10 of its length of 00:00:10.", _lease.LossReason);
    }

    [Fact]
    public async Task A_renewal_counts_from_the_moment_at_which_it_was_asked_for()
    {
        var answer = new TaskCompletionSource<bool>();
        Advance(2);
        var renewed = _lease.RenewAsync(_ => new(answer.Task)).AsTask();
        Advance(3);
        answer.SetResult(true);
        Assert.True(await renewed);

        Advance(5.999);
        Assert.True(_lease.IsValid);
        Advance(0.001);
        Assert.False(_lease.IsValid);
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_does_not_revive_it()
    {
        var answer = new TaskCompletionSource<bool>();
        var renewed = _lease.RenewAsync(_ => new(answer.Task)).AsTask();
        Pass(9); // frozen: no timer has fired
        answer.SetResult(true);

        Assert.False(await renewed);
        Assert.False(_lease.IsValid);
    }

    [Fact]
    public async Task An_older_renewal_that_is_answered_later_does_not_shorten_it()
    {
        var (first, second) = (new TaskCompletionSource<bool>(), new TaskCompletionSource<bool>());
        Advance(1);
        var older = _lease.RenewAsync(_ => new(first.Task)).AsTask();
        Advance(4);
        var newer = _lease.RenewAsync(_ => new(second.Task)).AsTask();
        second.SetResult(true);
        first.SetResult(true);
        Assert.True(await newer & await older);

        Advance(8.999);
        Assert.True(_lease.IsValid);
    }

    [Fact]
    public async Task A_refused_renewal_loses_it_and_one_that_throws_changes_nothing()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => _lease.RenewAsync(_ => throw new TimeoutException()).AsTask());
        Assert.True(_lease.IsValid);

        Assert.False(await _lease.RenewAsync(_ => new(false)));
        Assert.False(_lease.IsValid);
        Assert.Equal("The store has refused to renew the lease.", _lease.LossReason);
        Assert.False(await _lease.RenewAsync(_ => new(true)));
        Assert.False(_lease.IsValid);
    }

    [Fact]
    public void A_late_timer_does_not_make_it_valid_longer()
    {
        Pass(9);

        Assert.False(_lease.IsValid);
        Assert.False(_lease.Lost.IsCancellationRequested); // on the thread of the timer, not on the one that asks
        _rig.RunWorkers();
        Assert.True(_lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public void A_suspended_machine_whose_monotonic_clock_stood_still_is_noticed_by_its_wall_clock()
    {
        _clock.SetWallClock(LoopHost.Start + (Second * 9));

        Assert.False(_lease.IsValid);
        _clock.SetWallClock(LoopHost.Start);
        Assert.False(_lease.IsValid);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_does_not_make_it_valid_longer()
    {
        Advance(5);
        _clock.SetWallClock(LoopHost.Start - (Second * 3600));
        Advance(3.999);
        Assert.True(_lease.IsValid);

        Advance(0.001);
        Assert.False(_lease.IsValid);
    }

    [Fact]
    public void The_first_reason_counts()
    {
        _lease.Lose("The host stops.");
        _lease.Lose("Another reason.");
        Advance(20);

        Assert.Equal("The host stops.", _lease.LossReason);
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        _ = _lease.IsValid;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            _ = _lease.IsValid;

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void Advance(double seconds)
    {
        var target = _clock.GetTimestamp() + TimeSpan.FromSeconds(seconds).Ticks;
        while (_clock.NextDue is { } due && due <= target)
        {
            _clock.MoveTo(Math.Max(due, _clock.GetTimestamp()));
            _rig.RunWorkers();
        }
        _clock.MoveTo(target);
        _rig.RunWorkers();
    }

    private void Pass(double seconds) => _clock.Pass(TimeSpan.FromSeconds(seconds));
}
