using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

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
            WaitForLine(host, $"'task': The loop is blocked: {name} has not returned for 00:00:10. It must return quickly, and must not block.");

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
        host.Advance(Second * 100);
        _release.Set();
        Assert.True(SpinWait.SpinUntil(() => host.Services.GetRequiredService<LoopObservers>().Calls.Snapshot().Count == 0, ThreadedLoopHost.Patience));
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
        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.Cancelled), (record.Outcome, record.Reason));
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
            () => _logs.Lines.Any(line => line.Text == "'nightly': The loop is blocked: its registration (options, exclusions, pipelines) has not returned for 00:00:10. It must return quickly, and must not block."),
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
            using (others.Enter("inner", "b"))
            {
                Assert.Empty(calls.Snapshot());
                Assert.Equal("inner", Assert.Single(others.Snapshot()).Callee);
            }
            var first = Assert.Single(calls.Snapshot());
            Assert.Equal(("outer", "a"), (first.Callee, first.Subject));
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
        public void On(in LoopEvent loopEvent)
        {
            if (loopEvent.Kind == kind)
                block();
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
