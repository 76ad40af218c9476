using Medallion.Threading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Tests;

namespace SafeLoop.Locks.Tests;

/// <summary>The adapter over a back-end that is scripted: what hangs, fails, or comes too late. In virtual time.</summary>
public class DistributedLocksTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly LoopLockRequest Request = new() { Name = "name", AtMostFor = Second * 10 };

    private readonly VirtualClock _clock = new(LoopHost.Start);
    private readonly FakeLocks _backEnd = new();
    private readonly FakeFences _fences = new();
    private readonly DistributedLocks _locks;

    public DistributedLocksTests() => _locks = new DistributedLocks(_backEnd, _fences, _clock);

    [Fact]
    public async Task A_back_end_that_hangs_is_unavailable_and_a_lock_that_comes_later_is_given_back()
    {
        var gate = new TaskCompletionSource<bool>();
        _backEnd.Acquire = _ => new(gate.Task);
        var attempt = _locks.TryAcquireAsync(Request, default).AsTask();
        Pass(Second * 10);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => attempt);
        Assert.Equal("The lock 'name' was asked for 00:00:10 ago and its back-end has not answered.", error.Message);
        gate.SetResult(true);
        Assert.True(SpinWait.SpinUntil(() => _backEnd.Released == 1, ThreadedLoopHost.Patience));
    }

    [Fact]
    public async Task The_token_of_the_holder_is_reported_where_the_fence_store_says_it()
    {
        var reported = new List<long>();
        _backEnd.Acquire = _ => new(false);
        Assert.Null(await _locks.TryAcquireAsync(Request with { OnHeld = reported.Add }, default));
        Assert.Empty(reported);

        _fences.Last = () => Task.FromResult(42L);
        Assert.Null(await _locks.TryAcquireAsync(Request with { OnHeld = reported.Add }, default));
        Assert.Equal([42], reported);
    }

    [Fact]
    public async Task A_back_end_that_says_held_elsewhere_because_it_does_not_answer_is_unavailable()
    {
        _backEnd.Acquire = _ => new(false);
        Assert.Null(await _locks.TryAcquireAsync(Request, default));

        _fences.IsLast = () => throw new IOException("store is down");
        await Assert.ThrowsAsync<IOException>(() => _locks.TryAcquireAsync(Request, default).AsTask());
    }

    [Fact]
    public async Task An_attempt_that_was_given_up_gives_back_the_lock_that_comes_later()
    {
        using var giveUp = new CancellationTokenSource();
        var gate = new TaskCompletionSource<bool>();
        _backEnd.Acquire = _ => new(gate.Task);
        var attempt = _locks.TryAcquireAsync(Request with { Wait = true }, giveUp.Token).AsTask();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);
        gate.SetResult(true);
        Assert.True(SpinWait.SpinUntil(() => _backEnd.Released == 1, ThreadedLoopHost.Patience));
    }

    [Fact]
    public async Task A_lock_that_comes_at_the_moment_its_attempt_is_given_up_is_given_back()
    {
        var gate = new TaskCompletionSource<bool>();
        _backEnd.Acquire = _ => new(gate.Task);
        var time = new HookedTime(_clock);
        time.OnTimer(fire =>
        {
            fire();
            gate.SetResult(true);
        });

        var attempt = Task.Run(() => new DistributedLocks(_backEnd, _fences, time).TryAcquireAsync(Request, default).AsTask());
        await Assert.ThrowsAsync<TimeoutException>(() => attempt);
        Assert.True(SpinWait.SpinUntil(() => _backEnd.Released == 1, ThreadedLoopHost.Patience), "The lock was not given back.");
    }

    [Fact]
    public async Task A_lease_may_be_longer_than_timers_can_wait()
    {
        _backEnd.Acquire = async _ =>
        {
            await Task.Yield();
            return true;
        };
        var locks = new DistributedLocks(_backEnd, _fences, TimeProvider.System);
        await using var lease = await locks.TryAcquireAsync(Request with { AtMostFor = TimeSpan.FromDays(60) }, default);

        Assert.True(SpinWait.SpinUntil(() => _backEnd.Watched == 1, ThreadedLoopHost.Patience), "The lock is not watched.");
    }

    [Fact]
    public async Task Without_its_number_a_lock_is_given_back()
    {
        _fences.Next = () => throw new IOException("store is down");
        await Assert.ThrowsAsync<IOException>(() => _locks.TryAcquireAsync(Request, default).AsTask());

        Assert.Equal(1, _backEnd.Released);
    }

    [Fact]
    public async Task A_fence_store_that_hangs_is_unavailable_and_the_lock_is_given_back()
    {
        _fences.Next = () => new TaskCompletionSource().Task;
        var attempt = _locks.TryAcquireAsync(Request, default).AsTask();
        Pass(Second * 10);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => attempt);
        Assert.Equal("The lock 'name' is held, but its fence store has not issued a number within 00:00:10; "
            + "the lock is given back.", error.Message);
        Pass(Second * 4); // the number may still be issued, and must not come after the next holder's
        Assert.True(SpinWait.SpinUntil(() => _backEnd.Released == 1, ThreadedLoopHost.Patience), "The lock was not given back.");
    }

    [Fact]
    public async Task A_number_that_comes_after_its_attempt_was_given_up_comes_before_the_lock_is_given_back()
    {
        using var giveUp = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        _fences.Next = () => gate.Task;
        var attempt = _locks.TryAcquireAsync(Request, giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);
        Assert.Equal(0, _backEnd.Released);

        gate.SetResult();
        Assert.True(SpinWait.SpinUntil(() => _backEnd.Released == 1, ThreadedLoopHost.Patience), "The lock was not given back.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lease_that_took_long_to_get_is_proven_before_it_is_handed_out(bool isStillOurs)
    {
        var gate = new TaskCompletionSource();
        _fences.Next = () => gate.Task;
        _fences.IsLast = () => Task.FromResult(isStillOurs);
        var attempt = _locks.TryAcquireAsync(Request, default).AsTask();
        Pass(Second * 9.5);
        gate.SetResult();

        if (isStillOurs)
        {
            var lease = (await attempt)!;
            Pass(Second * 9.5);
            Assert.Equal(0, _backEnd.Released); // its length counts from the proof
            await lease.DisposeAsync();
            return;
        }
        var error = await Assert.ThrowsAsync<TimeoutException>(() => attempt);
        Assert.Equal("The lock 'name' was given so long after it was asked for that its lease of 00:00:10 may be over; "
            + "it is given back.", error.Message);
        Assert.True(SpinWait.SpinUntil(() => _backEnd.Released == 1, ThreadedLoopHost.Patience), "The lock was not given back.");
    }

    [Theory]
    [InlineData(null, 55, 55)]
    [InlineData(null, 5, 30)]
    [InlineData(20, 5, 20)]
    public async Task A_lease_is_as_long_as_it_is_asked_for_and_else_no_shorter_than_it_is_to_be_held(
        int? atMostFor, int atLeastFor, int length)
    {
        await using var lease = await _locks.TryAcquireAsync(
            new() { Name = "name", AtMostFor = atMostFor * Second, AtLeastFor = Second * atLeastFor }, default);

        Assert.Equal(Second * length, lease!.AtMostFor);
    }

    [Fact]
    public async Task A_request_that_waits_polls_and_fails_when_the_back_end_does_not_answer()
    {
        var asked = 0;
        _backEnd.Acquire = _ => new(++asked == 3);
        await using (await _locks.TryAcquireAsync(Request with { Wait = true }, default))
            Assert.Equal((3, Second * 10 / 3), (asked, _backEnd.Timeout));

        _backEnd.Acquire = _ => new(new TaskCompletionSource<bool>().Task);
        _fences.IsLast = () => throw new IOException("store is down");
        var attempt = _locks.TryAcquireAsync(Request with { Wait = true }, default).AsTask();
        Pass(Second * 10);
        await Assert.ThrowsAsync<IOException>(() => attempt);
    }

    [Fact]
    public async Task Who_waits_on_a_dead_connection_asks_again_on_another()
    {
        var asked = 0;
        _backEnd.Acquire = _ => ++asked == 1 ? new(new TaskCompletionSource<bool>().Task) : new(true);
        var attempt = _locks.TryAcquireAsync(Request with { Wait = true }, default).AsTask();
        Pass(Second * 10);

        Assert.NotNull(await attempt);
    }

    [Fact]
    public async Task A_loss_reported_by_the_back_end_cancels_Lost_and_nothing_is_renewed()
    {
        var lease = (await _locks.TryAcquireAsync(Request, default))!;
        Pass(Second);
        await _backEnd.Lost.CancelAsync();
        await Cancellation(lease);

        Assert.False(await lease.RenewAsync(default));
        Assert.Equal((1, 1), (_backEnd.Watched, _backEnd.Released));
    }

    [Fact]
    public async Task A_loss_before_the_handle_was_watched_cancels_Lost_as_soon_as_it_is_watched()
    {
        var lease = (await _locks.TryAcquireAsync(Request, default))!;
        await _backEnd.Lost.CancelAsync();
        Pass(Second / 4);

        await Cancellation(lease);
    }

    [Fact]
    public async Task A_process_that_was_paused_while_it_took_the_lock_watches_it_at_once()
    {
        var time = new HookedTime(_clock);
        time.OnTimer(fire => fire());
        await using var lease = await new DistributedLocks(_backEnd, _fences, time).TryAcquireAsync(Request, default);

        Assert.Equal((1, 0), (_backEnd.Watched, _backEnd.Released));
    }

    [Fact]
    public async Task A_lock_that_cannot_be_watched_counts_as_lost()
    {
        _backEnd.Watch = () => throw new InvalidOperationException("cannot be watched");
        var lease = (await _locks.TryAcquireAsync(Request, default))!;
        Pass(Second / 4);

        await Cancellation(lease);
        Assert.Equal(1, _backEnd.Released);
    }

    [Fact]
    public async Task A_lock_held_shortly_is_not_watched_which_would_cost_more_than_the_lock()
    {
        var lease = (await _locks.TryAcquireAsync(Request, default))!;
        Pass(Second / 5);
        await lease.DisposeAsync();
        Pass(Second);

        Assert.Equal((0, 1), (_backEnd.Watched, _backEnd.Released));
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_renewal_counts_from_when_it_was_asked_for()
    {
        var gate = new TaskCompletionSource<bool>();
        var lease = (await _locks.TryAcquireAsync(Request, default))!;
        Pass(Second * 5);
        _fences.IsLast = () => gate.Task;
        var renewal = lease.RenewAsync(default).AsTask();
        Pass(Second * 4);
        gate.SetResult(true);
        Assert.True(await renewal);

        Pass(Second * 5);
        Assert.Equal(0, _backEnd.Released);
        Pass(Second);
        Assert.Equal(1, _backEnd.Released);
    }

    [Fact]
    public async Task A_renewal_that_fails_proves_nothing_either_way()
    {
        var lease = (await _locks.TryAcquireAsync(Request, default))!;
        _fences.IsLast = () => throw new IOException("store is down");
        await Assert.ThrowsAsync<IOException>(() => lease.RenewAsync(default).AsTask());

        Assert.Equal(0, _backEnd.Released);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_release_that_fails_throws_to_its_caller_and_is_not_repeated()
    {
        _backEnd.Release = () => throw new IOException("connection is broken");
        var lease = (await _locks.TryAcquireAsync(Request, default))!;

        await Assert.ThrowsAsync<IOException>(() => lease.DisposeAsync().AsTask());
        await Assert.ThrowsAsync<IOException>(() => lease.DisposeAsync().AsTask());
        Assert.Equal(1, _backEnd.Released);
    }

    [Fact]
    public async Task Without_a_fence_store_leases_bear_no_number_and_slots_are_not_recorded()
    {
        var locks = new DistributedLocks(_backEnd, null, _clock);
        var lease = (await locks.TryAcquireAsync(Request with { TaskName = "task" }, default))!;

        Assert.False(locks.HasFencing);
        Assert.Equal((0, null), (lease.FencingToken, lease.LastSlot));
        Assert.True(await lease.RenewAsync(default));
        Assert.True(await lease.RecordAsync(LoopHost.Start, default));
    }

    [Fact]
    public async Task A_task_that_requires_fencing_does_not_start_on_a_back_end_without_it()
    {
        using var host = Host(services => services.AddRecurringTaskLocks(_backEnd)
            .AddRecurringTask("prices", (_, _) => default).Every(Second).WithLock("prices").RequireFencing());

        var error = await Assert.ThrowsAsync<InvalidRecurringTaskException>(() => host.StartAsync());
        Assert.Contains("Recurring task 'prices': it requires fencing, but the leases of lock 'prices' bear no fencing tokens",
            error.Message);
    }

    [Fact]
    public async Task A_missing_back_end_is_a_sentence_at_start_up()
    {
        using var host = Host(services => services.AddRecurringTaskLocks().AddRecurringTask("prices", (_, _) => default)
            .Every(Second).WithLock("prices"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
        Assert.StartsWith("AddRecurringTaskLocks needs an IDistributedLockProvider, and none is registered.", error.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_locks_of_the_back_end_are_used_whether_they_are_added_before_or_after_the_tasks(bool before)
    {
        using var host = Host(services =>
        {
            if (before)
                services.AddSingleton<IDistributedLockProvider>(_backEnd).AddRecurringTaskLocks();
            services.AddRecurringTask("prices", (_, _) => default).Every(Second).WithLock("prices");
            if (!before)
                services.AddSingleton<IDistributedLockProvider>(_backEnd).AddRecurringTaskLocks();
        });

        Assert.IsType<DistributedLocks>(host.Services.GetRequiredService<ILoopLockProvider>());
    }

    private static IHost Host(Action<IServiceCollection> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        configure(builder.Services);
        return builder.Build();
    }

    private static async Task Cancellation(ILoopLease lease)
    {
        var lost = new TaskCompletionSource();
        await using var registration = lease.Lost.Register(lost.SetResult);
        await lost.Task.WaitAsync(ThreadedLoopHost.Patience);
    }

    private void Pass(TimeSpan span)
    {
        var target = _clock.GetTimestamp() + span.Ticks;
        while (_clock.NextDue is { } due && due <= target)
            _clock.MoveTo(due);
        _clock.MoveTo(target);
    }
}
