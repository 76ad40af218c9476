namespace SafeLoop.Tests.Locks;

/// <summary>
/// Beside the contract, which <c>InProcessContractTests</c> shows: it serves requests in order, and forgets unused names.
/// </summary>
public class InProcessLockProviderTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly VirtualClock _clock = new(LoopHost.Start);
    private readonly InProcessLockProvider _locks;

    public InProcessLockProviderTests() => _locks = new InProcessLockProvider(new Pacemaker(_clock));

    [Fact]
    public async Task Waiters_are_served_in_the_order_in_which_they_came()
    {
        var held = await Take();
        var waiting = Enumerable.Range(0, 50).Select(_ => Wait()).ToList();
        var last = held.FencingToken;
        await held.DisposeAsync();

        for (var n = 0; n < waiting.Count; n++)
        {
            var lease = await waiting[n].WaitAsync(ThreadedLoopHost.Patience);
            Assert.True(lease!.FencingToken > last);
            Assert.All(waiting.Skip(n + 1), later => Assert.False(later.IsCompleted));
            last = lease.FencingToken;
            await lease.DisposeAsync();
        }
    }

    [Fact]
    public async Task One_in_the_middle_who_gives_up_does_not_break_the_queue()
    {
        using var giveUp = new CancellationTokenSource();
        var held = await Take();
        var (first, second, third) = (Wait(), Wait(giveUp.Token), Wait());
        await giveUp.CancelAsync();
        await held.DisposeAsync();
        await (await first.WaitAsync(ThreadedLoopHost.Patience))!.DisposeAsync();
        await (await third.WaitAsync(ThreadedLoopHost.Patience))!.DisposeAsync();

        Assert.True(second.IsCanceled);
        Assert.Equal(0, _locks.Count);
    }

    [Fact]
    public async Task One_who_asks_does_not_overtake_those_who_wait()
    {
        var held = await Take();
        var waiting = Wait();
        Expire(Lease);
        var waiter = await Try(); // the holder has expired, and another request was there before
        await using var lease = await waiting.WaitAsync(ThreadedLoopHost.Patience);

        Assert.Null(waiter);
        Assert.True(lease!.FencingToken > held.FencingToken);
    }

    [Fact]
    public async Task Lost_is_cancelled_when_an_expired_lease_is_taken_over()
    {
        var late = await Take();
        using var lost = new ManualResetEventSlim();
        late.Lost.Register(lost.Set);
        Expire(Lease);
        await using var next = await Take();

        ThreadedLoopHost.Wait(lost);
    }

    [Fact]
    public async Task A_lease_without_a_length_never_expires()
    {
        var held = await _locks.TryAcquireAsync(new() { Name = "name" }, default);
        Expire(TimeSpan.FromDays(1000));

        Assert.Equal(Timeout.InfiniteTimeSpan, held!.AtMostFor);
        Assert.Null(await Try());
        Assert.True(await held.RenewAsync(default));
    }

    [Fact] // Hangfire.MemoryStorage PR#21
    public async Task Everything_keyed_is_freed_at_zero()
    {
        using var giveUp = new CancellationTokenSource();
        for (var n = 0; n < 100_000; n++)
        {
            var lease = await Take(n.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (n % 100 == 0)
                _ = _locks.TryAcquireAsync(new()
                {
                    Name = n.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    AtMostFor = Lease,
                    Wait = true
                }, giveUp.Token);
            if (n == 50_000)
                await giveUp.CancelAsync();
            await lease.DisposeAsync();
            if (giveUp.IsCancellationRequested)
                break;
        }

        Assert.Equal(500, _locks.Count); // those who waited have it now
        Expire(Lease);
        for (var n = 0; n < 50_000; n += 100)
            await (await Take(n.ToString(System.Globalization.CultureInfo.InvariantCulture))).DisposeAsync();
        for (var n = 0; n < 100_000; n++)
            await (await Take(n.ToString(System.Globalization.CultureInfo.InvariantCulture))).DisposeAsync();
        Assert.Equal(0, _locks.Count);
    }

    private void Expire(TimeSpan length) => _clock.MoveTo(_clock.GetTimestamp() + length.Ticks);

    private ValueTask<ILoopLease?> Try(string name = "name") =>
        _locks.TryAcquireAsync(new() { Name = name, AtMostFor = Lease }, default);

    private Task<ILoopLease?> Wait(CancellationToken token = default) =>
        _locks.TryAcquireAsync(new() { Name = "name", AtMostFor = Lease, Wait = true }, token).AsTask();

    private async Task<ILoopLease> Take(string name = "name")
    {
        var lease = await Try(name);
        Assert.NotNull(lease);
        return lease;
    }
}
