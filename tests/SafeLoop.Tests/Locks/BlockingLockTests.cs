using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Locks;

/// <summary>Lock providers and callbacks that block the thread they are called on.</summary>
public class BlockingLockTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ScriptedLocks _locks = new();
    private readonly ManualResetEventSlim _began = new();
    private readonly ManualResetEventSlim _release = new();

    [Fact]
    public void A_renewal_that_blocks_its_thread_does_not_delay_the_verdict()
    {
        _locks.Renew = _ => { Block(); return new(true); };
        using var host = Run(token => Cancelled.By(token));
        host.Observer.WaitFor(LoopEventKind.IterationStarted);
        host.Advance(Second * 10);
        ThreadedLoopHost.Wait(_began);
        host.Advance(Second * 17);
        host.Advance(Second * 3); // released, or expired

        Assert.Equal(OutcomeReason.LockLost, host.Observer.WaitFor(LoopEventKind.IterationEnded)[0].Record.Reason);
        _release.Set();
    }

    [Fact]
    public void A_callback_that_blocks_when_the_lock_is_lost_does_not_hold_the_loop()
    {
        using var lost = new CancellationTokenSource();
        _locks.Lost = () => lost.Token;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registered = new ManualResetEventSlim();
        using var host = Run(token =>
        {
            token.Register(Block);
            registered.Set(); // a token that was cancelled before would call it on the loop's own thread
            return new(gate.Task);
        });
        ThreadedLoopHost.Wait(registered);
        var losing = Task.Run(lost.Cancel);
        ThreadedLoopHost.Wait(_began);
        gate.SetResult();

        Assert.Equal(OutcomeReason.LockLost, host.Observer.WaitFor(LoopEventKind.IterationEnded)[0].Record.Reason);
        _release.Set();
        ThreadedLoopHost.Wait(losing);
    }

    public void Dispose() => _release.Set();

    private void Block()
    {
        _began.Set();
        Assert.True(_release.Wait(ThreadedLoopHost.Patience));
    }

    private ThreadedLoopHost Run(Func<CancellationToken, ValueTask> step) => ThreadedLoopHost.Run(services => services
        .AddSingleton<ILoopLockProvider>(_locks)
        .AddRecurringTask("locked", (_, token) => step(token)).Every(Second * 1000).WithLock("lock"));
}
