using SafeLoop.Tests;

namespace SafeLoop.Locks.Tests;

/// <summary>A call that was given up and fails later leaves no unobserved exception, because the timeout was reported.</summary>
public class AbandonedCallTests
{
    private static readonly LoopLockRequest Request = new() { Name = "name", AtMostFor = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task Of_a_number() => Assert.Empty(await UnobservedErrors.FindAsync<LateException>(async () =>
    {
        var (fences, late) = (new FakeFences(), new TaskCompletionSource());
        fences.Next = () => late.Task;
        await GiveUpAsync(new FakeLocks(), fences);
        late.SetException(new LateException());
    }));

    [Fact]
    public async Task Of_a_probe_of_the_store() => Assert.Empty(await UnobservedErrors.FindAsync<LateException>(async () =>
    {
        var (fences, late) = (new FakeFences(), new TaskCompletionSource<bool>());
        fences.IsLast = () => late.Task;
        await GiveUpAsync(new FakeLocks { Acquire = _ => new(false) }, fences);
        late.SetException(new LateException());
    }));

    [Fact]
    public async Task Of_a_command_to_Redis() => Assert.Empty(await UnobservedErrors.FindAsync<LateException>(async () =>
    {
        var late = new TaskCompletionSource<string?>();
        using var giveUp = new CancellationTokenSource();
        var asked = new RedisFenceStore((_, _) => late.Task).IsLastAsync("name", 0, giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        late.SetException(new LateException());
    }));

    private static async Task GiveUpAsync(FakeLocks locks, FakeFences fences)
    {
        var clock = new VirtualClock(LoopHost.Start);
        var attempt = new DistributedLocks(locks, fences, clock).TryAcquireAsync(Request, default).AsTask();
        while (!attempt.IsCompleted)
            clock.MoveTo(clock.NextDue ?? clock.GetTimestamp());
        await Assert.ThrowsAsync<TimeoutException>(() => attempt);
        while (clock.NextDue is { } due) // the lock waits a little for a number that comes late
            clock.MoveTo(due);
    }

    private sealed class LateException : Exception;
}
