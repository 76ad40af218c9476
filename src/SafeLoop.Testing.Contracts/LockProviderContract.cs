namespace SafeLoop.Testing;

/// <summary>
/// The contract of an <see cref="ILoopLockProvider"/>, as tests. Derive a class from it in a test project, and override one
/// method.
/// </summary>
/// <remarks>
/// Each client stands for a process. For a provider within one process, all clients may share it. A store with its own clock
/// needs real time for leases to expire, some 15 seconds for all tests. When you can set its clock, override
/// <see cref="AdvanceAsync"/>.
/// </remarks>
/// <example>
/// <code>
/// public class RedisLockTests : LockProviderContract
/// {
///     protected override ILoopLockProvider CreateProvider(int client) =&gt; new RedisLockProvider(Connect());
/// }
/// </code>
/// </example>
public abstract class LockProviderContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<int, ILoopLockProvider> _providers = [];
    private readonly string _name = $"contract-{Guid.NewGuid():N}"; // the store may outlive the test

    /// <summary>
    /// The length of the leases that the tests acquire. A longer lease makes the tests slower. With a shorter one, a lease of a
    /// slow store may expire during a test.
    /// </summary>
    /// <value>The default is 1 second.</value>
    protected virtual TimeSpan Lease => TimeSpan.FromSeconds(1);

    /// <summary>The number of rounds of the search for lost updates. Each has its own seed.</summary>
    /// <value>The default is 10.</value>
    protected virtual int Rounds => 10;

    /// <summary>Creates a provider. Called once for each client and test.</summary>
    /// <param name="client">The number of the process it stands for, from 0. All processes share one store.</param>
    protected abstract ILoopLockProvider CreateProvider(int client);

    /// <summary>Waits until time has passed, also on the clock of the store. By default, this is real time.</summary>
    /// <param name="time">The duration.</param>
    /// <returns>A task that completes when the time has passed.</returns>
    protected virtual Task AdvanceAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    /// <summary>A lock has at most one holder.</summary>
    [Fact]
    public async Task A_free_lock_is_acquired_and_a_held_one_is_not()
    {
        var held = await TakeAsync(0);
        Assert.Null(await TryAsync(1));
        Assert.Null(await TryAsync(0)); // not even to the same process: locks are not reentrant
        await held.DisposeAsync();
        await (await TakeAsync(1)).DisposeAsync();
    }

    /// <summary>Names are compared exactly.</summary>
    [Fact]
    public async Task Names_are_independent_and_capitals_matter()
    {
        await using var one = await TakeAsync(0, "name");
        await using var other = await TakeAsync(1, "Name");
        Assert.NotNull(other);
    }

    /// <summary>SafeLoop renews the lease, and treats it as lost, by this length.</summary>
    [Fact]
    public async Task A_lease_says_how_long_it_lasts()
    {
        await using var lease = await TakeAsync(0);
        Assert.Equal(Lease, lease.AtMostFor);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    /// <summary>A store that remembers the highest token can refuse a late writer.</summary>
    [Fact]
    public async Task A_fencing_token_strictly_increases_from_lease_to_lease_also_after_one_was_lost()
    {
        var last = 0L;
        for (var n = 0; n < 8; n++)
        {
            var lease = await TakeAsync(n % 2);
            Assert.True(lease.FencingToken > last, $"The token {lease.FencingToken} does not come after {last}.");
            last = lease.FencingToken;
            if (n % 4 == 3)
                await ExpireAsync();
            else
                await lease.DisposeAsync();
        }
    }

    /// <summary>A task that calls <c>RequireFencing</c> does not start when <c>HasFencing</c> is false.</summary>
    [Fact]
    public Task The_provider_says_that_its_leases_have_fencing_tokens()
    {
        Assert.True(Of(0).HasFencing, "The leases have fencing tokens, but HasFencing is false. Override it with true.");
        return Task.CompletedTask;
    }

    /// <summary>A holder that has died does not block the lock for ever.</summary>
    [Fact]
    public async Task A_lease_that_is_not_renewed_can_be_taken_over_when_it_has_expired()
    {
        var late = await TakeAsync(0);
        await ExpireAsync();
        await using var next = await TakeAsync(1);
        Assert.True(next.FencingToken > late.FencingToken);
    }

    /// <summary>A renewed lease counts from the renewal.</summary>
    [Fact]
    public async Task A_renewed_lease_lasts_its_whole_length_again()
    {
        var lease = await TakeAsync(0);
        for (var n = 0; n < 3; n++)
        {
            await AdvanceAsync(Lease * 0.6);
            Assert.True(await lease.RenewAsync(default));
            Assert.Null(await TryAsync(1));
        }
        await lease.DisposeAsync();
    }

    /// <summary>ShedLock#74.</summary>
    [Fact]
    public async Task An_expired_holder_cannot_renew_anothers_lease()
    {
        var late = await TakeAsync(0);
        await ExpireAsync();
        await using var next = await TakeAsync(1);

        await AdvanceAsync(Lease * 0.6);
        Assert.False(await late.RenewAsync(default));
        await AdvanceAsync(Lease * 0.6);
        await (await TakeAsync(0)).DisposeAsync(); // the late renewal has not extended it
    }

    /// <summary>ShedLock PR#2584, redbeat#127.</summary>
    [Fact]
    public async Task An_expired_holder_cannot_release_anothers_lease()
    {
        var late = await TakeAsync(0);
        await ExpireAsync();
        await using var next = await TakeAsync(1);
        await late.DisposeAsync();

        Assert.Null(await TryAsync(0));
        Assert.True(await next.RenewAsync(default));
    }

    /// <summary>Disposing twice is allowed everywhere in .NET.</summary>
    [Fact]
    public async Task A_lease_can_be_released_twice_without_harm_to_its_successor()
    {
        var first = await TakeAsync(0);
        await first.DisposeAsync();
        await using var next = await TakeAsync(1);
        await first.DisposeAsync();
        Assert.Null(await TryAsync(0));
    }

    /// <summary>A released lease stays released.</summary>
    [Fact]
    public async Task A_released_lease_cannot_be_renewed()
    {
        var lease = await TakeAsync(0);
        await lease.DisposeAsync();
        Assert.False(await lease.RenewAsync(default));
        await (await TakeAsync(1)).DisposeAsync(); // and the attempt has not taken it
    }

    /// <summary>A waiter acquires the lock when the holder releases it.</summary>
    [Fact]
    public async Task A_waiting_request_acquires_the_lock_when_it_is_released()
    {
        var held = await TakeAsync(0);
        var waiting = WaitAsync(1);
        Assert.False(waiting.IsCompleted);
        await held.DisposeAsync();
        await using var lease = await waiting.WaitAsync(Patience);
        Assert.NotNull(lease);
        Assert.True(lease.FencingToken > held.FencingToken);
    }

    /// <summary>A waiter acquires the lock when the lease of a dead holder expires.</summary>
    [Fact]
    public async Task A_waiting_request_acquires_the_lock_when_the_lease_has_expired()
    {
        var held = await TakeAsync(0);
        var waiting = WaitAsync(1);
        await ExpireAsync();
        await using var lease = await waiting.WaitAsync(Patience);
        Assert.NotNull(lease);
        Assert.False(await held.RenewAsync(default));
    }

    /// <summary>A waiter that was cancelled does not acquire the lock.</summary>
    [Fact]
    public async Task A_cancelled_wait_does_not_acquire_the_lock_and_delays_no_other()
    {
        using var giveUp = new CancellationTokenSource();
        var held = await TakeAsync(0);
        var waiting = WaitAsync(1, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        await held.DisposeAsync();
        await (await TakeAsync(0)).DisposeAsync();
    }

    /// <summary>A cancelled attempt acquires nothing.</summary>
    [Fact]
    public async Task A_request_with_a_cancelled_token_does_not_acquire_the_lock()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitAsync(0, new CancellationToken(canceled: true)));
        await (await TakeAsync(1)).DisposeAsync();
    }

    /// <summary>There is at most one holder at a time, also when threads race.</summary>
    [Fact]
    public async Task Under_racing_threads_no_update_is_lost_and_every_token_is_greater_than_the_last()
    {
        var (value, last, inside) = (0, 0L, 0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(client => Task.Run(async () =>
        {
            for (var n = 0; n < 50; n++)
            {
                await using var lease = await WaitAsync(client % 2);
                Assert.NotNull(lease);
                Assert.Equal(1, Interlocked.Increment(ref inside));
                Assert.True(lease.FencingToken > last, $"The token {lease.FencingToken} does not come after {last}.");
                last = lease.FencingToken;
                var read = value;
                await Task.Yield();
                value = read + 1; // loses an update when another client was here
                Interlocked.Decrement(ref inside);
            }
        }))).WaitAsync(Patience * 4);

        Assert.Equal(200, value);
    }

    /// <summary>
    /// Clients read and write one fenced value under the lock. Some holders stop without a release, write late, renew, or
    /// release twice. No update that the store has accepted is lost.
    /// </summary>
    [Fact]
    public async Task No_accepted_update_is_lost_when_holders_fall_silent_and_come_back_late()
    {
        for (var seed = 1; seed <= Rounds; seed++)
        {
            var (store, chance, name) = (new FencedCounter(), new Random(seed), $"fuzz {seed}");
            var silent = new List<ILoopLease>();
            for (var step = 0; step < 40; step++)
            {
                var client = chance.Next(3);
                var lease = await TryAsync(client, name);
                Assert.True(lease is not null, $"Seed {seed}, step {step}: the lock was not acquired, although it is free.");
                var read = store.Read(lease.FencingToken);
                Assert.True(read is not null,
                    $"Seed {seed}, step {step}: the token {lease.FencingToken} of a new lease is lower than one before.");

                switch (chance.Next(step % 10 == 9 ? 5 : 4))
                {
                    case 0:
                        Assert.True(await lease.RenewAsync(default),
                            $"Seed {seed}, step {step}: a new lease could not be renewed.");
                        break;
                    case 1 when silent.Count > 0:
                        var late = silent[chance.Next(silent.Count)];
                        store.Write(late.FencingToken, 0); // refused when its token is lower
                        Assert.False(await late.RenewAsync(default),
                            $"Seed {seed}, step {step}: an expired lease was renewed while another held the lock.");
                        await late.DisposeAsync();
                        break;
                    case 4:
                        silent.Add(lease); // it may write late, in a later step
                        await ExpireAsync();
                        continue;
                }

                Assert.True(await TryAsync(chance.Next(3), name) is null,
                    $"Seed {seed}, step {step}: two hold the lock at once.");
                store.Write(lease.FencingToken, read.Value + 1);
                await lease.DisposeAsync();
                if (chance.Next(4) == 0)
                    await lease.DisposeAsync();
            }

            Assert.True(store.Accepted == store.Value, $"Seed {seed}: {store.Accepted - store.Value} updates were lost.");
        }
    }

    private async Task ExpireAsync() => await AdvanceAsync(Lease * 1.2);

    private ILoopLockProvider Of(int client)
    {
        lock (_providers)
        {
            if (!_providers.TryGetValue(client, out var provider))
                _providers.Add(client, provider = CreateProvider(client));
            return provider;
        }
    }

    private ValueTask<ILoopLease?> TryAsync(int client, string name = "name") =>
        Of(client).TryAcquireAsync(new() { Name = $"{_name} {name}", AtMostFor = Lease }, default);

    private Task<ILoopLease?> WaitAsync(int client, CancellationToken token = default) =>
        Of(client).TryAcquireAsync(new() { Name = $"{_name} name", AtMostFor = Lease, Wait = true }, token).AsTask();

    private async Task<ILoopLease> TakeAsync(int client, string name = "name")
    {
        var lease = await TryAsync(client, name);
        Assert.NotNull(lease);
        return lease;
    }
}
