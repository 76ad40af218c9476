using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SafeLoop.Storage;

namespace SafeLoop.Tests.Observing;

/// <summary>
/// User code that blocks is named in health, in the snapshot, in the log if it works, and when the host stops.
/// </summary>
public sealed class BlockedCallTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _began = new();
    private readonly ManualResetEventSlim _release = new();
    private readonly RecordingLoggerProvider _logs = new();

    [Theory]
    [InlineData("observer", "the observer SafeLoop.Tests.Observing.BlockedCallTests+BlockingObserver")]
    [InlineData("log", "the log")]
    [InlineData("policy", "its delay policy")]
    [InlineData("while", "a While check")]
    [InlineData("until", "an Until check")]
    [InlineData("handler", "an OnFailure handler")]
    [InlineData("lock", "its lock provider")]
    [InlineData("release", "the release of its lock")]
    [InlineData("constructor", "a constructor for step 'use'")]
    [InlineData("dispose", "the disposal of its services")]
    public async Task What_blocks_is_named_by_health_the_snapshot_the_log_and_at_stop(string what, string name)
    {
        using var host = ThreadedLoopHost.Run(services => Register(services, what));
        ThreadedLoopHost.Wait(_began);
        Assert.Equal("Healthy: ", await HealthAsync(host));

        host.Advance(Second * 20);

        Assert.StartsWith(
            $"Degraded: 'task' is blocked: {name} has not returned for 00:00:10.",
            await HealthAsync(host),
            StringComparison.Ordinal);
        Assert.Equal($"The loop is blocked: {name} does not return.", host["task"].Snapshot().StateReason);
        if (what is not "log")
            WaitForLine(host, $"'task': The loop is blocked: {name} has not returned for 00:00:10. "
                + "It must return quickly, and must not block.");

        ThreadedLoopHost.Wait(host.StopHost(new CancellationToken(canceled: true)));
        if (what is not "log")
            WaitForLine(host, $"'task' did not stop within the host's shutdown limit: {name} does not return");
        _release.Set();
    }

    [Fact]
    public async Task It_is_reported_once_and_forgotten_when_it_returns()
    {
        using var host = ThreadedLoopHost.Run(services => Register(services, "observer"));
        ThreadedLoopHost.Wait(_began);
        host.Advance(Second * 20);
        host.Observer.WaitFor(LoopEventKind.Fault);
        // The report, on a thread of the pool, is over: it would count as a call that lasts while time passes.
        WaitForCalls(host, 1);
        host.Advance(Second * 80);
        _release.Set();
        WaitForCalls(host, 0);
        host.Advance(Second * 10);

        Assert.Equal("Healthy: ", await HealthAsync(host));
        Assert.Null(host["task"].Snapshot().StateReason);
        Assert.Single(host.Observer.Of(LoopEventKind.Fault));
    }

    [Fact]
    public async Task A_run_by_hand_that_waits_behind_it_is_answered_when_its_token_is_cancelled()
    {
        using var host = ThreadedLoopHost.Run(services => Register(services, "observer"));
        ThreadedLoopHost.Wait(_began);
        using var giveUp = new CancellationTokenSource();
        var run = host["task"].RunNowAsync(giveUp.Token);
        Assert.False(run.IsCompleted);

        await giveUp.CancelAsync();

        var record = await run.WaitAsync(ThreadedLoopHost.Patience);
        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.Cancelled, true),
            (record.Outcome, record.Reason, record.IsManual));
        _release.Set();
    }

    [Fact]
    public async Task A_start_up_that_hangs_says_in_what()
    {
        var clock = new VirtualClock(LoopHost.Start);
        var start = Task.Run(() => ThreadedLoopHost.Run(
            services =>
            {
                services.AddLogging(logging => logging.AddProvider(_logs));
                services.AddRecurringTask("nightly", Steps.None).Cron("0 3 * * *")
                    .Except(Exclusion.Dates(_ => { Block(); return false; }));
            },
            clock));
        ThreadedLoopHost.Wait(_began);
        clock.MoveTo((Second * 10).Ticks);
        clock.MoveTo((Second * 20).Ticks);

        Assert.True(SpinWait.SpinUntil(
            () => _logs.Lines.Any(line => line.Text
                == "'nightly': The loop is blocked: its registration (options, exclusions, pipelines) has not returned "
                    + "for 00:00:10. It must return quickly, and must not block."),
            ThreadedLoopHost.Patience));
        _release.Set();
        (await start.WaitAsync(ThreadedLoopHost.Patience)).Dispose();
    }

    [Fact]
    public void An_observer_that_blocks_on_an_ended_key_does_not_delay_the_stop()
    {
        using var host = ThreadedLoopHost.Run(services =>
        {
            services.AddSingleton<IRecurringTaskObserver>(new BlockingObserver(LoopEventKind.LoopEnded, Block));
            services.AddRecurringTask<Quiet, string>().Every(Second * 1000).StartAfter(Second * 1000);
        });
        host.Services.GetRequiredService<IRecurringTaskKeys<Quiet, string>>().TryAdd("a");

        using var limit = new CancellationTokenSource();
        var stop = host.StopHost(limit.Token);
        ThreadedLoopHost.Wait(_began);
        limit.Cancel();
        ThreadedLoopHost.Wait(stop);

        WaitForLine(
            host,
            $"'quiet[a]' did not stop within the host's shutdown limit: the observer {typeof(BlockingObserver)} does not return");
        _release.Set();
    }

    [Fact]
    public void Calls_nest_and_belong_to_one_host()
    {
        var (calls, others) = (new UserCalls(), new UserCalls());
        using (calls.Enter("outer", "a"))
        {
            var outer = Assert.Single(calls.Snapshot());
            using (others.Enter("inner", "b"))
            {
                Assert.Equal(outer, Assert.Single(calls.Snapshot()));
                Assert.Equal("inner", Assert.Single(others.Snapshot()).Callee);
            }
            using (calls.Enter("nested", "a"))
                Assert.Equal(["outer", "nested"], calls.Snapshot().Select(call => call.Callee));
            Assert.Equal(outer, Assert.Single(calls.Snapshot())); // still the same call, however often it has called others
            Assert.Equal(("outer", "a"), (outer.Callee, outer.Subject));
        }
        Assert.Empty(calls.Snapshot());
        Assert.Throws<InvalidOperationException>(Throw);
        Assert.Empty(calls.Snapshot());

        void Throw()
        {
            using var call = calls.Enter("throws", "a");
            throw new InvalidOperationException();
        }
    }

    [Theory]
    [InlineData("scope", "the log")]
    [InlineData("trace", "a listener of its traces")]
    [InlineData("polling", "the observer SafeLoop.Tests.Observing.BlockedCallTests+BlockingObserver")]
    public void What_seldom_blocks_is_named_too(string what, string name)
    {
        ThreadedLoopHost host = null!;
        using var listener = Listener(what is "trace" ? "seldom" : "none", Block);
        using (host = ThreadedLoopHost.Run(services =>
        {
            services.AddHealthChecks().AddRecurringTasks();
            if (what is "scope")
                services.AddLogging(logging => logging.AddProvider(new BlockingScopes(Block)));
            if (what is "polling")
                services.AddSingleton<IRecurringTaskObserver>(new BlockingObserver(LoopEventKind.IterationEnded, Poll));
            services.AddRecurringTask("seldom", Steps.None).Every(Second * 1000);
            services.AddRecurringTask("other", Steps.None)
                .Every(Second * 1000).StartAfter(Second * 1000).Except(Exclusion.Dates(_ => false));
        }))
        {
            ThreadedLoopHost.Wait(_began);
            host.Advance(Second * 20);

            WaitForHealth(host, $"Degraded: 'seldom' is blocked: {name} has not returned for 00:00:10.");
            _release.Set();
        }

        void Poll()
        {
            _began.Set();
            while (!_release.IsSet)
                host.Tasks["other"].UpcomingSlots(1);
        }
    }

    [Fact]
    public void The_text_of_a_key_that_blocks_for_the_name_of_its_lock_is_named_too()
    {
        var isArmed = false;
        using var host = ThreadedLoopHost.Run(services =>
        {
            services.AddHealthChecks().AddRecurringTasks();
            services.AddRecurringTask<Named, Text>().WithLock("lock").Every(Second).StartAfter(Second);
        });
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Named, Text>>();
        var key = new Text(() =>
        {
            if (isArmed)
                Block();
        });
        keys.TryAdd(key);
        WaitUntilPlanned(() => keys.Find(key)!.Snapshot());
        isArmed = true;
        host.Advance(Second);
        ThreadedLoopHost.Wait(_began);
        isArmed = false;
        host.Advance(Second * 20);

        WaitForHealth(host, "Degraded: 'named' is blocked: the text of its key has not returned for 00:00:1");
        _release.Set();
    }

    [Fact]
    public void A_selector_of_a_keys_schedule_that_blocks_is_named_too()
    {
        using var host = ThreadedLoopHost.Run(services =>
        {
            services.AddHealthChecks().AddRecurringTasks();
            services.AddRecurringTask<Quiet, string>().Every(key =>
            {
                Block();
                return Second;
            });
        });
        var added = Task.Run(() => host.Services.GetRequiredService<IRecurringTaskKeys<Quiet, string>>().TryAdd("a"));
        ThreadedLoopHost.Wait(_began);
        host.Advance(Second * 20);

        WaitForHealth(host, "Degraded: 'quiet' is blocked: the schedule of its key has not returned for 00:00:1");
        _release.Set();
        ThreadedLoopHost.Wait(added);
    }

    [Fact]
    public void An_observer_that_hangs_in_the_report_keeps_no_later_report_from_the_log()
    {
        using var host = ThreadedLoopHost.Run(services =>
        {
            services.AddSingleton<IRecurringTaskObserver>(new HangsOn("task", Block));
            services.AddRecurringTask("task", Steps.None).Every(Second * 1000);
            services.AddRecurringTask("other", Steps.None).Every(Second * 30).StartAfter(Second * 30)
                .While(() => { _release.Wait(ThreadedLoopHost.Patience); return true; });
        });
        ThreadedLoopHost.Wait(_began);
        WaitUntilPlanned(() => host["other"].Snapshot());
        host.Advance(Second * 20);
        WaitForLine(host, $"'task': The loop is blocked: the observer {typeof(HangsOn)} has not returned for 00:00:10. "
            + "It must return quickly, and must not block.");
        host.Advance(Second * 10);
        Assert.True(SpinWait.SpinUntil(
            () => host.Services.GetRequiredService<LoopObservers>().Calls.Snapshot().Any(call => call.Callee is "a While check"),
            ThreadedLoopHost.Patience));
        host.Advance(Second * 20);

        WaitForLine(host, "'other': The loop is blocked: a While check has not returned for 00:00:10. "
            + "It must return quickly, and must not block.");
        _release.Set();
    }

    [Fact]
    public void A_store_that_blocks_is_no_loop()
    {
        var database = new MemoryDatabase(TimeProvider.System)
        {
            Cut = _ =>
            {
                Block();
                return StoreCut.None;
            },
        };
        using var host = ThreadedLoopHost.Run(services => services.AddSingleton<IRecurringTaskStore>(database.CreateStore())
            .AddLogging(logging => logging.AddProvider(_logs)).AddRecurringTask("task", Steps.None).Every(Second));
        ThreadedLoopHost.Wait(_began);
        host.Advance(Second * 20);

        WaitForLine(host, "'SafeLoop': A call is blocked: the store has not returned for 00:00:10. "
            + "It must return quickly, and must not block.");
        _release.Set();
    }

    public void Dispose() => _release.Set();

    private void Register(IServiceCollection services, string what)
    {
        services.AddHealthChecks().AddRecurringTasks();
        if (what is "observer")
            services.AddSingleton<IRecurringTaskObserver>(new BlockingObserver(LoopEventKind.IterationEnded, Block));
        if (what is "log")
            services.AddLogging(logging => logging.AddProvider(new BlockingLog(Block)));
        if (what is "lock" or "release")
            services.AddSingleton<ILoopLockProvider>(new BlockingLocks(what is "lock" ? Block : null, Block));
        services.AddScoped(_ => new Service(what, Block));

        var task = services.AddRecurringTask("task").Step<Service>(
            "use", (_, _, _) => what is "handler" ? throw new InvalidOperationException() : ValueTask.CompletedTask);
        _ = what is "policy" ? task.DelayBy(new BlockingPolicy(Block)) : task.Every(Second * 1000);
        _ = what switch
        {
            "while" => task.While(() => { Block(); return true; }),
            "until" => task.Until(() => { Block(); return false; }),
            "handler" => task.OnFailure(_ => Block()),
            "lock" or "release" => task.WithLock("lock"),
            _ => task,
        };
    }

    private static void WaitForLine(ThreadedLoopHost host, string text) =>
        Assert.True(
            SpinWait.SpinUntil(() => host.Logs.Lines.Any(line => line.Text == text), ThreadedLoopHost.Patience),
            $"No line '{text}' among: {string.Join("; ", host.Logs.Lines.Select(line => line.Text))}");

    private static void WaitForCalls(ThreadedLoopHost host, int count) => Assert.True(SpinWait.SpinUntil(
        () => host.Services.GetRequiredService<LoopObservers>().Calls.Snapshot().Count == count, ThreadedLoopHost.Patience));

    // A loop begins on a thread of the pool, perhaps after the test has set the clock.
    private static void WaitUntilPlanned(Func<RecurringTaskSnapshot> snapshot) =>
        Assert.True(SpinWait.SpinUntil(() => snapshot().NextSlot is not null, ThreadedLoopHost.Patience));

    private static void WaitForHealth(ThreadedLoopHost host, string text) =>
        Assert.True(
            SpinWait.SpinUntil(() => Health(host).StartsWith(text, StringComparison.Ordinal), ThreadedLoopHost.Patience),
            Health(host));

    // In the pool, because the test waits for it.
    private static string Health(ThreadedLoopHost host) => Task.Run(() => HealthAsync(host)).GetAwaiter().GetResult();

    private static ActivityListener Listener(string task, Action onStopped)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SafeLoop" && task is not "none",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.OperationName == task)
                    onStopped();
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static async Task<string> HealthAsync(ThreadedLoopHost host)
    {
        var report = (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries.Single().Value;
        return $"{report.Status}: {report.Description}";
    }

    private void Block()
    {
        _began.Set();
        _release.Wait(ThreadedLoopHost.Patience);
    }

    private sealed class BlockingObserver(LoopEventKind kind, Action block) : IRecurringTaskObserver
    {
        public void OnEvent(in LoopEvent loopEvent)
        {
            if (loopEvent.Kind == kind)
                block();
        }
    }

    private sealed class HangsOn(string task, Action block) : IRecurringTaskObserver
    {
        public void OnEvent(in LoopEvent loopEvent)
        {
            if (loopEvent.TaskName == task && loopEvent.Kind is LoopEventKind.IterationEnded or LoopEventKind.Fault)
                block();
        }
    }

    private sealed record Text(Action OnText)
    {
        public override string ToString()
        {
            OnText();
            return "text";
        }
    }

    private sealed class Named : IRecurringTask<Text>
    {
        public ValueTask RunAsync(Text key, Iteration iteration, CancellationToken cancellationToken) => default;
    }

    private sealed class BlockingScopes(Action block) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => state is IterationScope ? new Scope(block) : null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }

        private sealed class Scope(Action block) : IDisposable
        {
            public void Dispose() => block();
        }
    }

    private sealed class BlockingPolicy(Action block) : IDelayPolicy
    {
        public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now)
        {
            block();
            return now + Second * 1000;
        }
    }

    private sealed class BlockingLog(Action block) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).Contains("succeeded", StringComparison.Ordinal))
                block();
        }

        public void Dispose()
        {
        }
    }

    private sealed class BlockingLocks(Action? acquire, Action release) : ILoopLockProvider, ILoopLease
    {
        public long FencingToken => 1;

        public TimeSpan AtMostFor => Timeout.InfiniteTimeSpan;

        public CancellationToken Lost => default;

        public ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken)
        {
            acquire?.Invoke();
            return new(this);
        }

        public ValueTask<bool> RenewAsync(CancellationToken cancellationToken) => new(true);

        public ValueTask DisposeAsync()
        {
            release();
            return default;
        }
    }

    private sealed class Service : IDisposable
    {
        private readonly string _what;
        private readonly Action _block;

        public Service(string what, Action block)
        {
            (_what, _block) = (what, block);
            if (what is "constructor")
                block();
        }

        public void Dispose()
        {
            if (_what is "dispose")
                _block();
        }
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
    private sealed class Quiet : IRecurringTask<string>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) => default;
    }
}
