namespace SafeLoop.Tests.Locks;

/// <summary>What every lock provider must keep. Derive a class from it for each back-end.</summary>
/// <remarks>Two clients of one store stand for two processes. Of a provider within one process they are the same.</remarks>
public abstract class LockContract
{
    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>A provider; <paramref name="client"/> says which process it stands for.</summary>
    protected abstract ILoopLockProvider Provider(int client);

    /// <summary>Lets so much time pass that a lease of this length has expired.</summary>
    protected abstract void Expire(TimeSpan length);

    [Fact]
    public async Task A_free_lock_is_given_and_a_held_one_is_not()
    {
        var held = await Take(1);
        Assert.Null(await Try(2));
        Assert.Null(await Try(1)); // not even to the same process: locks are not reentrant
        await held.DisposeAsync();
        await (await Take(2)).DisposeAsync();
    }

    [Fact]
    public async Task Names_are_independent_and_capitals_matter()
    {
        await using var one = await Take(1, "name");
        await using var other = await Take(2, "Name");
        Assert.NotNull(other);
    }

    [Fact]
    public async Task A_lease_says_how_long_it_lasts()
    {
        await using var lease = await Take(1);
        Assert.Equal(Lease, lease.AtMostFor);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_fencing_token_strictly_increases_from_lease_to_lease_also_after_one_was_lost()
    {
        var last = 0L;
        for (var n = 0; n < 20; n++)
        {
            var lease = await Take(n % 2);
            Assert.True(lease.FencingToken > last);
            last = lease.FencingToken;
            if (n % 3 == 0)
                Expire(Lease);
            else
                await lease.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_lease_that_is_not_renewed_can_be_taken_over_when_it_has_expired()
    {
        var late = await Take(1);
        Expire(Lease);
        await using var next = await Take(2);
        Assert.True(next.FencingToken > late.FencingToken);
    }

    [Fact]
    public async Task A_renewed_lease_lasts_its_whole_length_again()
    {
        var lease = await Take(1);
        for (var n = 0; n < 5; n++)
        {
            Expire(Lease * 0.6);
            Assert.True(await lease.RenewAsync(default));
            Assert.Null(await Try(2));
        }
        await lease.DisposeAsync();
    }

    [Fact] // ShedLock#74
    public async Task An_expired_holder_cannot_renew_anothers_lease()
    {
        var late = await Take(1);
        Expire(Lease);
        await using var next = await Take(2);

        Assert.False(await late.RenewAsync(default));
        Expire(Lease * 0.9);
        Assert.Null(await Try(1));
        Expire(Lease * 0.1);
        await (await Take(1)).DisposeAsync(); // the late renewal has not extended it
    }

    [Fact] // ShedLock PR#2584, redbeat#127
    public async Task An_expired_holder_cannot_release_anothers_lease()
    {
        var late = await Take(1);
        Expire(Lease);
        await using var next = await Take(2);
        await late.DisposeAsync();

        Assert.Null(await Try(1));
        Assert.True(await next.RenewAsync(default));
    }

    [Fact]
    public async Task A_lease_can_be_released_twice_without_harm_to_its_successor()
    {
        var first = await Take(1);
        await first.DisposeAsync();
        await using var next = await Take(2);
        await first.DisposeAsync();
        Assert.Null(await Try(1));
    }

    [Fact]
    public async Task A_released_lease_cannot_be_renewed()
    {
        var lease = await Take(1);
        await lease.DisposeAsync();
        Assert.False(await lease.RenewAsync(default));
    }

    [Fact]
    public async Task One_who_waits_is_given_the_lock_when_it_is_released()
    {
        var held = await Take(1);
        var waiting = Wait(2);
        Assert.False(waiting.IsCompleted);
        await held.DisposeAsync();
        await using var lease = await waiting.WaitAsync(ThreadedLoopHost.Patience);
        Assert.True(lease!.FencingToken > held.FencingToken);
    }

    [Fact]
    public async Task One_who_waits_is_given_the_lock_when_its_holders_lease_has_expired()
    {
        var held = await Take(1);
        var waiting = Wait(2);
        Expire(Lease);
        await using var lease = await waiting.WaitAsync(ThreadedLoopHost.Patience);
        Assert.False(await held.RenewAsync(default));
    }

    [Fact]
    public async Task One_who_gives_up_waiting_is_not_given_the_lock_and_keeps_nobody_waiting()
    {
        using var giveUp = new CancellationTokenSource();
        var held = await Take(1);
        var waiting = Wait(2, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(ThreadedLoopHost.Patience));
        await held.DisposeAsync();
        await (await Take(1)).DisposeAsync();
    }

    [Fact]
    public async Task One_who_has_given_up_before_asking_is_not_given_the_lock()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait(1, new CancellationToken(canceled: true)));
        await (await Take(2)).DisposeAsync();
    }

    [Fact]
    public async Task Under_racing_threads_no_update_is_lost_and_every_token_is_greater_than_the_last()
    {
        var (value, last, inside) = (0, 0L, 0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(client => Task.Run(async () =>
        {
            for (var n = 0; n < 500; n++)
            {
                await using var lease = (await Wait(client % 2))!;
                Assert.Equal(1, Interlocked.Increment(ref inside));
                Assert.True(lease.FencingToken > last);
                last = lease.FencingToken;
                var read = value;
                await Task.Yield();
                value = read + 1; // lost, if anybody else was here
                Interlocked.Decrement(ref inside);
            }
        }))).WaitAsync(ThreadedLoopHost.Patience);

        Assert.Equal(2000, value);
    }

    protected ValueTask<ILoopLease?> Try(int client, string name = "name") => Provider(client).TryAcquireAsync(new(name, Lease, Wait: false), default);

    protected Task<ILoopLease?> Wait(int client, CancellationToken token = default) => Provider(client).TryAcquireAsync(new("name", Lease, Wait: true), token).AsTask();

    protected async Task<ILoopLease> Take(int client, string name = "name")
    {
        var lease = await Try(client, name);
        Assert.NotNull(lease);
        return lease;
    }
}
