using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>With OnDedicatedThread, steps begin on a thread of their loop.</summary>
public sealed class DedicatedThreadTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _began = new();
    private readonly ManualResetEventSlim _release = new();
    private readonly List<(string? Name, int Id, bool IsPool)> _threads = [];

    [Fact]
    public void All_iterations_begin_on_one_thread_that_is_named_after_the_task_and_not_of_the_pool()
    {
        using var host = Run(task => task.Every(Second).StopAfter(3));
        for (var n = 1; n < 3; n++)
        {
            host.Observer.WaitFor(LoopEventKind.IterationEnded, n);
            WaitUntilPlanned(host, n);
            host.Advance(Second);
        }
        ThreadedLoopHost.Wait(host["scan"].Completion);

        Assert.Equal(3, _threads.Count);
        Assert.Equal(
            ("SafeLoop: scan", false), Assert.Single(_threads.Distinct().Select(thread => (thread.Name, thread.IsPool))));
    }

    [Fact]
    public void A_loop_that_goes_on_at_once_stays_on_its_thread()
    {
        using var host = Run(task => task.Continuously().StopAfter(1000), TimeProvider.System);
        ThreadedLoopHost.Wait(host["scan"].Completion);

        Assert.Equal(1000, _threads.Count);
        Assert.Single(_threads.Distinct());
    }

    [Fact]
    public void A_step_that_leaves_its_thread_interrupted_does_not_end_the_process()
    {
        var runs = 0;
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("scan", (_, _) =>
        {
            runs++;
            Thread.CurrentThread.Interrupt(); // takes effect at the next wait of the thread
            return ValueTask.CompletedTask;
        }).Every(Second).OnDedicatedThread().StopAfter(3));
        for (var n = 1; n < 3; n++)
        {
            host.Observer.WaitFor(LoopEventKind.IterationEnded, n);
            WaitUntilPlanned(host, n);
            host.Advance(Second);
        }
        ThreadedLoopHost.Wait(host["scan"].Completion);

        Assert.Equal(3, runs);
    }

    [Fact]
    public void What_follows_the_first_await_runs_in_the_pool()
    {
        bool? before = null, after = null;
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("scan", async (_, _) =>
        {
            before = Thread.CurrentThread.IsThreadPoolThread;
            await Task.Yield(); // a task might have ended before the step awaits it
            after = Thread.CurrentThread.IsThreadPoolThread;
        }).Every(Second * 1000).OnDedicatedThread());

        Assert.Equal(IterationOutcome.Succeeded, host.Observer.WaitFor(LoopEventKind.IterationEnded)[0].Record.Outcome);
        Assert.Equal((false, true), (before, after));
    }

    [Fact]
    public void A_stop_cancels_the_step_that_blocks_and_ends_its_thread()
    {
        Thread? thread = null;
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("scan", (_, token) =>
        {
            thread = Thread.CurrentThread;
            _began.Set();
            token.WaitHandle.WaitOne(ThreadedLoopHost.Patience);
            return ValueTask.CompletedTask;
        }).Every(Second).OnDedicatedThread());
        ThreadedLoopHost.Wait(_began);
        ThreadedLoopHost.Wait(host.StopHost());

        Assert.Equal(OutcomeReason.HostStopping, Assert.Single(host.Observer.Of(LoopEventKind.IterationEnded)).Record.Reason);
        Assert.True(thread!.Join(ThreadedLoopHost.Patience));
    }

    [Fact]
    public void A_step_that_does_not_stop_is_named_and_does_not_delay_the_host()
    {
        using var host = Run(task => task.Every(Second), block: true);
        ThreadedLoopHost.Wait(_began);
        ThreadedLoopHost.Wait(host.StopHost(new CancellationToken(canceled: true)));

        Assert.Contains(host.Logs.Lines, line => line.Text.Contains("'scan' did not stop within the host's shutdown limit"));
        _release.Set();
    }

    [Fact]
    public void Slots_that_pass_meanwhile_are_skipped_one_by_one_while_it_blocks()
    {
        using var host = Run(task => task.Every(Second), block: true);
        ThreadedLoopHost.Wait(_began);
        host.Advance(Second);

        Assert.Equal(OutcomeReason.PreviousRunning, host.Observer.WaitFor(LoopEventKind.IterationEnded)[0].Record.Reason);
        Assert.Equal(1, host["scan"].Snapshot().Running);
        _release.Set();
    }

    [Fact]
    public void A_newer_slot_cancels_it_and_runs_after_it()
    {
        var runs = 0;
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("scan", (_, token) =>
        {
            if (Interlocked.Increment(ref runs) > 1)
                return ValueTask.CompletedTask;
            _began.Set();
            token.WaitHandle.WaitOne(ThreadedLoopHost.Patience);
            return ValueTask.CompletedTask;
        }).Every(Second).OnOverlap(Overlap.CancelRunning).OnDedicatedThread());
        ThreadedLoopHost.Wait(_began);
        host.Advance(Second);

        Assert.Equal(
            [OutcomeReason.Replaced, OutcomeReason.None],
            host.Observer.WaitFor(LoopEventKind.IterationEnded, 2).Select(e => e.Record.Reason));
    }

    [Fact]
    public void Iterations_beside_each_other_have_a_thread_each()
    {
        using var both = new CountdownEvent(2);
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("scan", (_, _) =>
        {
            lock (_threads)
                _threads.Add(
                    (Thread.CurrentThread.Name, Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread));
            _began.Set();
            both.Signal();
            Assert.True(_release.Wait(ThreadedLoopHost.Patience));
            return ValueTask.CompletedTask;
        }).Every(Second).OnOverlap(Overlap.Allow, 2).OnDedicatedThread());
        ThreadedLoopHost.Wait(_began);
        host.Advance(Second);

        Assert.True(both.Wait(ThreadedLoopHost.Patience));
        Assert.Equal(2, _threads.Distinct().Count());
        Assert.DoesNotContain(_threads, thread => thread.IsPool);
        _release.Set();
    }

    [Fact]
    public void What_a_step_leaves_in_an_AsyncLocal_is_gone_in_the_next_iteration()
    {
        var local = new AsyncLocal<string?>();
        var seen = new List<string?>();
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("scan", (_, _) =>
        {
            seen.Add(local.Value);
            local.Value = "left behind";
            return ValueTask.CompletedTask;
        }).Continuously().StopAfter(3).OnDedicatedThread(), TimeProvider.System);
        ThreadedLoopHost.Wait(host["scan"].Completion);

        Assert.Equal([null, null, null], seen);
    }

    [Fact]
    public void It_may_be_set_in_configuration_and_changed_while_the_loop_runs()
    {
        using var host = Run(task => task.Every(Second), onDedicatedThread: false);
        host.Observer.WaitFor(LoopEventKind.IterationEnded);
        ThreadedLoopHost.Wait(host["scan"].ChangeAsync(options => options.DedicatedThread = true));
        host.Advance(Second);
        host.Observer.WaitFor(LoopEventKind.IterationEnded, 2);

        Assert.Equal([true, false], _threads.Select(thread => thread.IsPool));
        using var configured = LoopHost.Run(
            services => services.AddRecurringTask("scan", Steps.None).Every(Second),
            settings: new Dictionary<string, string?> { ["RecurringTasks:scan:DedicatedThread"] = "true" });
        Assert.True(configured["scan"].Options.DedicatedThread);
    }

    [Fact]
    public void In_virtual_time_the_step_runs_where_all_steps_run()
    {
        var threads = new List<int>();
        using var host = LoopHost.Run(services => services.AddRecurringTask("scan", (_, _) =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            return ValueTask.CompletedTask;
        }).Every(Second).OnDedicatedThread());
        host.Advance(Second * 2);

        Assert.Equal(Enumerable.Repeat(Environment.CurrentManagedThreadId, 3), threads);
    }

    [Fact]
    public void A_step_on_its_own_thread_is_not_reported_for_blocking_it()
    {
        VirtualClock clock = null!;
        using var began = new ManualResetEventSlim();
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("scan", (iteration, _) =>
        {
            clock = (VirtualClock)iteration.Services.GetRequiredService<TimeProvider>();
            clock.Pass(Second * 5);
            return ValueTask.CompletedTask;
        }).Every(Second * 1000).OnDedicatedThread());
        host.Observer.WaitFor(LoopEventKind.IterationEnded);

        Assert.Empty(host.Observer.Of(LoopEventKind.Fault));
    }

    [Fact]
    public void A_keyed_task_refuses_it_with_a_sentence()
    {
        var error = Assert.Throws<InvalidRecurringTaskException>(
            () => new Keys.PollHost(task => task.Every(Second).OnDedicatedThread()));

        Assert.Equal(
            "Recurring task 'poll': OnDedicatedThread would start a thread for each of its keys. "
            + "Remove it, and limit with Concurrency(max) how many keys block threads of the pool at a time.",
            Assert.Single(error.Problems));
    }

    public void Dispose() => _release.Set();

    private static void WaitUntilPlanned(ThreadedLoopHost host, int n) => Assert.True(SpinWait.SpinUntil(
        () => host["scan"].Snapshot() is { Running: 0, NextSlot: { } next } && next == LoopHost.Start.AddSeconds(n),
        ThreadedLoopHost.Patience));

    private ThreadedLoopHost Run(
        Action<IRecurringTaskBuilder> configure, TimeProvider? time = null, bool block = false, bool onDedicatedThread = true) =>
        ThreadedLoopHost.Run(
        services =>
        {
            var task = services.AddRecurringTask("scan", (_, _) =>
            {
                lock (_threads)
                    _threads.Add(
                        (Thread.CurrentThread.Name, Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread));
                _began.Set();
                Assert.True(!block || _release.Wait(ThreadedLoopHost.Patience));
                return ValueTask.CompletedTask;
            });
            configure(onDedicatedThread ? task.OnDedicatedThread() : task);
        },
        time);
}
