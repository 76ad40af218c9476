using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Observing;

/// <summary>An observer, a logger or a meter that throws can break no loop.</summary>
public class ThrowingObserverTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly LoopEventKind[] OfACluster =
        [LoopEventKind.ShardOpened, LoopEventKind.ShardClosed, LoopEventKind.ShardLost];

    private readonly TaskCompletionSource _gate = new();

    [Fact]
    public void An_observer_that_throws_at_every_event_breaks_no_loop_and_hides_nothing_from_the_others()
    {
        var thrower = new Thrower();
        using var host = LoopHost.Run(services => Everything(services.AddSingleton<IRecurringTaskObserver>(thrower)));
        LiveThrough(host);

        var kinds = Enum.GetValues<LoopEventKind>().Except(OfACluster).Order().ToList();
        Assert.Equal(kinds, thrower.Seen.Order());
        Assert.Equal(kinds, host.Observer.Events.Select(e => e.Kind).Distinct().Order());
        Assert.All(host.Tasks.All, task => Assert.Equal(RecurringTaskState.Ended, task.State));
    }

    [Fact]
    public void An_observer_that_always_throws_does_not_flood_the_log()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<IRecurringTaskObserver>(new Thrower())
            .AddRecurringTask("task", (_, _) => ValueTask.CompletedTask).Every(Second));
        host.Advance(Second * 1000);

        var lines = host.Logs.Lines.Where(line => line.Id == 30).ToArray();
        Assert.InRange(lines.Length, 5, 15);
        Assert.Contains(nameof(Thrower), lines[0].Text);
        Assert.IsType<IOException>(lines[0].Exception);
    }

    [Fact]
    public void A_logger_that_always_throws_breaks_no_loop()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddSingleton<ILoggerProvider>(new ThrowingLoggerProvider("SafeLoop"));
            Everything(services.AddSingleton<IRecurringTaskObserver>(new Thrower()));
        });
        LiveThrough(host);

        Assert.All(host.Tasks.All, task => Assert.Equal(RecurringTaskState.Ended, task.State));
    }

    [Fact]
    public void A_logger_that_always_throws_keeps_no_host_from_starting_or_stopping()
    {
        using var host = LoopHost.Run(services => services.AddSingleton<ILoggerProvider>(new ThrowingLoggerProvider("SafeLoop"))
            .AddRecurringTask("doubtful and deaf", (_, _) => new(_gate.Task)).Every(Second).WithTimeout(Second * 2));
        host.Wait(host.StopHost(new CancellationToken(canceled: true)));
        host.Release(_gate);

        Assert.Equal(RecurringTaskState.Ended, host["doubtful and deaf"].State);
    }

    [Fact]
    public void A_meter_listener_that_always_throws_breaks_no_loop()
    {
        using var listener = new System.Diagnostics.Metrics.MeterListener { InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "SafeLoop")
                self.EnableMeasurementEvents(instrument);
        } };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Throw(tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Throw(tags));
        listener.Start();
        using var host = LoopHost.Run(services => services.AddRecurringTask("measured badly", (_, _) => ValueTask.CompletedTask)
            .Every(Second));
        host.Advance(Second * 5);

        Assert.Equal(6, host["measured badly"].Snapshot().Succeeded);

        static void Throw(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (tag.Value is "measured badly")
                    throw new IOException("no room for measurements");
            }
        }
    }

    private void Everything(IServiceCollection services)
    {
        services.AddRecurringTask("fails", (_, _) => throw new FormatException()).Every(Second).PauseAfterFailures(2)
            .OnFailure(new Action<RecurringTaskFailure>(_ => throw new IOException()));
        var collections = 0;
        services.AddSingleton<Func<HeapState>>(() => new(++collections, 900 + collections, 1000)).AddMemoryWatch();
        services.AddRecurringTask("stuck", (_, _) => new(_gate.Task)).Every(Second).WithTimeout(Second);
    }

    private void LiveThrough(LoopHost host)
    {
        host.Advance(Second * 12);
        Assert.Equal(RecurringTaskState.Paused, host["fails"].State);
        Assert.Equal(RecurringTaskState.Stuck, host["stuck"].State);
        host["fails"].Resume();
        host.Release(_gate);
        host.Do(() => Assert.Throws<InvalidRecurringTaskException>(() =>
        {
            _ = host["fails"].ChangeAsync(options => options.Every = TimeSpan.Zero);
        }));
        host.Wait(host["fails"].ChangeAsync(options => options.Every = Second * 2));
        ((RecurringTasks)host.Tasks).All[0].Reject("because");
        host.Wait(host.StopHost());
    }

    private sealed class Thrower : IRecurringTaskObserver
    {
        public HashSet<LoopEventKind> Seen { get; } = [];

        public void OnEvent(in LoopEvent loopEvent)
        {
            Seen.Add(loopEvent.Kind);
            throw new IOException("an observer that is broken");
        }
    }

    private sealed class ThrowingLoggerProvider(string prefix) : ILoggerProvider, ILogger
    {
        private bool _throws;

        public ILogger CreateLogger(string categoryName)
        {
            if (!categoryName.StartsWith(prefix, StringComparison.Ordinal))
                return Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
            _throws = true;
            return this;
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            _throws && logLevel is LogLevel.Trace ? throw new IOException("the log does not know its levels") : true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (_throws)
                throw new IOException("the disk of the log is full");
        }

        public void Dispose()
        {
        }
    }
}
