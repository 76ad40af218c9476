using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>Steps that need their own thread: they block it, keep it busy, or are cancelled by a blocked caller.</summary>
public class BlockingStepTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _began = new();
    private readonly ManualResetEventSlim _release = new();

    [Fact]
    public void A_step_that_blocks_its_thread_is_cancelled_reported_and_recorded_all_the_same()
    {
        var cancelled = new ManualResetEventSlim();
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("blocking", (_, token) =>
        {
            token.Register(cancelled.Set);
            Block();
            return ValueTask.CompletedTask;
        }).Every(Second * 1000).WithTimeout(Second).Configure(options => options.StuckAfter = Second * 5));
        ThreadedLoopHost.Wait(_began);

        host.Advance(Second);
        ThreadedLoopHost.Wait(cancelled);
        host.Advance(Second * 5);
        host.Observer.WaitFor(LoopEventKind.IterationStuck);
        Assert.Equal(RecurringTaskState.Stuck, host["blocking"].State);
        Assert.Equal(IterationOutcome.TimedOut, Assert.Single(host.Observer.Of(LoopEventKind.IterationEnded)).Record.Outcome);

        _release.Set();
        host.Observer.WaitFor(LoopEventKind.IterationUnstuck);
        Assert.Single(host.Observer.Of(LoopEventKind.IterationEnded));
        Assert.Equal(
            [LoopEventKind.LoopStarted, LoopEventKind.IterationStarted, LoopEventKind.IterationEnded,
                LoopEventKind.IterationStuck, LoopEventKind.IterationUnstuck],
            host.Observer.Events.Select(e => e.Kind));
    }

    [Fact]
    public void A_step_that_blocks_its_thread_holds_up_no_other_loop()
    {
        using var host = ThreadedLoopHost.Run(services =>
        {
            services.AddRecurringTask("blocking", (_, _) => { Block(); return ValueTask.CompletedTask; }).Every(Second);
            services.AddRecurringTask("other", (_, _) => ValueTask.CompletedTask).Every(Second);
        });
        ThreadedLoopHost.Wait(_began);

        Assert.Equal("other", host.Observer.WaitFor(LoopEventKind.IterationEnded)[0].TaskName);
        _release.Set();
    }

    [Fact]
    public void A_callback_on_the_token_that_blocks_does_not_keep_the_iteration_from_being_reported()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("rude", (_, token) =>
        {
            token.Register(Block);
            return new(gate.Task);
        }).Every(Second * 1000).WithTimeout(Second).Configure(options => options.StuckAfter = Second * 5));
        host.Observer.WaitFor(LoopEventKind.IterationStarted);

        host.Advance(Second);
        ThreadedLoopHost.Wait(_began); // the callback blocks the thread that cancels
        host.Advance(Second * 5);
        host.Observer.WaitFor(LoopEventKind.IterationStuck);
        gate.SetResult();
        host.Observer.WaitFor(LoopEventKind.IterationUnstuck); // the loop goes on although the callback still blocks
        _release.Set();
    }

    [Fact]
    public void A_step_that_goes_on_in_the_thread_pool_ends_there_and_the_loop_with_it()
    {
        using var host = ThreadedLoopHost.Run(services => services
            .AddRecurringTask("pool", async (_, _) => { await Task.Yield(); await Task.Run(() => { }); })
            .Continuously().StopAfter(1000), TimeProvider.System);

        ThreadedLoopHost.Wait(host["pool"].Completion);
        Assert.Equal(1000, host["pool"].Snapshot().Succeeded);
    }

    public void Dispose()
    {
        _release.Set();
    }

    [Fact]
    public void A_newer_slot_replaces_a_step_that_blocks_until_its_token_is_cancelled()
    {
        using var cancelled = new ManualResetEventSlim();
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("blocking", (_, token) =>
        {
            _began.Set();
            if (WaitHandle.WaitAny([token.WaitHandle, _release.WaitHandle]) == 0)
                cancelled.Set();
            return ValueTask.CompletedTask;
        }).Every(Second).OnOverlap(Overlap.CancelRunning));
        ThreadedLoopHost.Wait(_began);
        host.Advance(Second);

        ThreadedLoopHost.Wait(cancelled);
        _release.Set();
    }

    [Fact]
    public void A_second_iteration_runs_beside_one_that_blocks_where_that_is_allowed()
    {
        using var second = new ManualResetEventSlim();
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("blocking", (iteration, _) =>
        {
            if (iteration.Number > 1)
                second.Set();
            Block();
            return ValueTask.CompletedTask;
        }).Every(Second).OnOverlap(Overlap.Allow, 3));
        ThreadedLoopHost.Wait(_began);
        host.Advance(Second);

        ThreadedLoopHost.Wait(second);
        _release.Set();
    }

    private void Block()
    {
        _began.Set();
        Assert.True(_release.Wait(ThreadedLoopHost.Patience));
    }
}
