using System.Threading.Tasks.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Memory;

[Collection(Bytes.Name)]
public class IterationBytesTests
{
    // The runtime's own threads (tiered compilation, timers) allocate now and then; an iteration that
    // allocated would cost 24 bytes each time.
    private const long Noise = 200_000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Ten_million_iterations_of_a_singleton_allocate_and_retain_nothing()
    {
        const int Times = 10_000_000;
        var step = new CountingStep(100_000, Times);
        await using var host = await RealHost.StartAsync(services => services.AddRecurringTask("task", step.RunAsync)
            .Continuously().AsSingleton());
        await step.Done;

        // The whole process is counted, and these take long enough for more noise: 797,328 bytes were seen on a busy machine.
        // It is still no object in 100 iterations.
        Assert.InRange(step.Allocated, 0, Times / 100 * 24);
        Assert.InRange(step.Grown, long.MinValue, Noise);
    }

    [Fact]
    public async Task Iterations_under_a_time_limit_allocate_nothing_either()
    {
        var step = new CountingStep(50_000, 500_000);
        await using var host = await RealHost.StartAsync(services => services.AddRecurringTask("task", step.RunAsync)
            .Continuously().AsSingleton().WithTimeout(Second * 30));
        await step.Done;

        Assert.InRange(step.Allocated, 0, Noise);
        Assert.InRange(step.Grown, long.MinValue, Noise);
    }

    [Fact]
    public async Task Under_a_log_that_takes_scopes_an_iteration_allocates_nothing_once_scopes_are_switched_off()
    {
        var step = new CountingStep(50_000, 500_000);
        await using var host = await RealHost.StartAsync(services => services
            .AddLogging(logging => logging.AddProvider(new TakesScopes()).AddFilter("SafeLoop.Scopes", LogLevel.None))
            .AddRecurringTask("task", step.RunAsync).Continuously().AsSingleton());
        await step.Done;

        Assert.InRange(step.Allocated, 0, Noise);
    }

    [Fact]
    public async Task Checks_allocate_nothing_of_ours()
    {
        var step = new CountingStep(50_000, 500_000);
        await using var host = await RealHost.StartAsync(services => services.AddRecurringTask("task", step.RunAsync)
            .Continuously().AsSingleton().While(() => true).Until(() => false));
        await step.Done;

        Assert.InRange(step.Allocated, 0, Noise);
    }

    [Fact]
    public async Task A_singleton_that_really_suspends_allocates_nothing_either()
    {
        var step = new CountingStep(20_000, 200_000);
        var pause = new PoolPause();
        await using var host = await RealHost.StartAsync(services => services
            .AddRecurringTask("task").Step("count", step.RunAsync).Configure(_ => { })
            .Continuously().AsSingleton());
        await step.Done;
        var other = new CountingStep(20_000, 200_000);
        host.Tasks.Add("suspends", task => task.Step(
            "pause", (iteration, token) => pause.AfterAsync(other.RunAsync(iteration, token))).Continuously().AsSingleton());
        await other.Done;

        // Pooled state machines are made anew when a busy machine moves threads about; 24 bytes each time would be 4.8 million.
        Assert.InRange(other.Allocated, 0, 2_000_000);
        Assert.InRange(other.Grown, long.MinValue, Noise);
    }

    [Fact]
    public async Task A_million_iterations_with_a_scope_each_retain_nothing()
    {
        var step = new CountingStep(10_000, 1_000_000);
        await using var host = await RealHost.StartAsync(services =>
        {
            services.AddScoped<Scoped>();
            services.AddRecurringTask("task").Step<Scoped>("step", (_, iteration, token) => step.RunAsync(iteration, token))
                .Continuously();
        });
        await step.Done;

        Assert.InRange(step.Grown, long.MinValue, Noise);
    }

    [Fact]
    public void Slots_of_an_interval_allocate_nothing()
    {
        var clock = new VirtualClock(LoopHost.Start);
        var thread = new VirtualThread();
        var step = new CountingStep(2_000, 100_000);
        using var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton(new Pacemaker(clock, thread.Dispatch))
            .AddRecurringTask("task", step.RunAsync).Every(Second).AsSingleton().WithTimeout(Second * 0.5).Services
            .BuildServiceProvider();
        var service = services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().Single();
        _ = service.StartAsync(default);
        for (var slot = 0L; slot < 102_000; slot++)
        {
            clock.MoveTo(slot * TimeSpan.TicksPerSecond);
            thread.RunUntilIdle();
        }

        Assert.True(step.Done.IsCompleted);
        Assert.InRange(step.Grown, long.MinValue, Noise);
        Assert.InRange(step.Allocated / 100_000, 0, BytesOfTheVirtualClockPerSlot);
    }

    // The test's own clock sorts its timers with LINQ.
    private const long BytesOfTheVirtualClockPerSlot = 1_000;

    [Fact]
    public void What_a_scope_held_is_free_when_the_iteration_has_ended()
    {
        WeakReference? held = null;
        using var host = LoopHost.Run(services =>
        {
            services.AddScoped<Scoped>();
            services.AddRecurringTask("task").Step<Scoped>("step", (service, _, _) =>
            {
                held = new(service);
                return ValueTask.CompletedTask;
            }).Every(TimeSpan.FromDays(1));
        });
        Bytes.Alive();

        Assert.False(held!.IsAlive);
    }

    private sealed class Scoped;

    private sealed class TakesScopes : ILoggerProvider, ISupportExternalScope, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel > LogLevel.Debug;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Ends on another thread, and allocates nothing for it.</summary>
    private sealed class PoolPause : IValueTaskSource, IThreadPoolWorkItem
    {
        private ManualResetValueTaskSourceCore<bool> _source;

        public ValueTask AfterAsync(ValueTask first)
        {
            first.GetAwaiter().GetResult(); // has ended
            _source.Reset();
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return new(this, _source.Version);
        }

        void IThreadPoolWorkItem.Execute() => _source.SetResult(true);

        void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

        void IValueTaskSource.OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);
    }
}
