using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Hosting;

/// <summary>
/// A host that is disposed without having been stopped ends its loops. Missing services are then not a failure.
/// </summary>
public sealed class DisposedHostTests : IDisposable
{
    private readonly RecordingLoggerProvider _logs = new();
    private readonly VirtualClock _clock = new(LoopHost.Start);
    private readonly VirtualThread _thread = new();
    private readonly RecordingObserver _observer = new();
    private bool _isDisposed;
    private IHost? _host;

    public void Dispose() => _host?.Dispose();

    /// <summary>
    /// The service that was created last is disposed first. While it blocks, 100 slots come due and no scope can be created.
    /// </summary>
    [Theory]
    [InlineData("scope")]
    [InlineData("singleton")]
    [InlineData("client")]
    [InlineData("while")]
    [InlineData("until")]
    [InlineData("lock")]
    public void An_iteration_that_finds_the_services_disposed_is_interrupted_and_its_loop_ends(string who)
    {
        Start(services =>
        {
            services.AddSingleton<ILoopLockProvider>(new Locks(MissServices));
            var task = services.AddRecurringTask("task", (iteration, _) =>
            {
                if (who is "singleton")
                    iteration.Services.GetService<TimeProvider>();
                if (who is "client")
                    MissServices();
                return ValueTask.CompletedTask;
            }).Every(1.Seconds);
            _ = who switch
            {
                "scope" => task,
                "while" => task.While(() => { MissServices(); return true; }),
                "until" => task.Until(() => { MissServices(); return false; }),
                "lock" => task.WithLock("lock"),
                _ => task.AsSingleton(),
            };
            services.AddSingleton(_ => new Slow(() => { _isDisposed = true; Advance(100); }));
        });
        _host!.Services.GetRequiredService<Slow>();
        _host.Dispose();

        Assert.Equal(
            [IterationOutcome.Succeeded, IterationOutcome.Interrupted],
            _observer.Of(LoopEventKind.IterationEnded).Select(e => e.Record.Outcome));
        Assert.Equal(OutcomeReason.HostStopping, _observer.Of(LoopEventKind.IterationEnded)[^1].Record.Reason);
        Assert.Equal(LoopEnd.HostStopped, Assert.Single(_observer.Of(LoopEventKind.LoopEnded)).End);
        Assert.DoesNotContain(_logs.Lines, line => line.Level > LogLevel.Information);
    }

    [Fact]
    public void What_an_iteration_throws_beside_that_is_logged_as_what_it_is()
    {
        Start(services =>
        {
            services.AddRecurringTask("task", (_, _) => _isDisposed ? throw new FormatException() : ValueTask.CompletedTask)
                .Every(1.Seconds).AsSingleton();
            services.AddSingleton(_ => new Slow(() => { _isDisposed = true; Advance(100); }));
        });
        _host!.Services.GetRequiredService<Slow>();
        _host.Dispose();

        var line = Assert.Single(_logs.Lines, line => line.Level > LogLevel.Information);
        Assert.IsType<FormatException>(line.Exception);
        Assert.Equal(OutcomeReason.HostStopping, _observer.Of(LoopEventKind.IterationEnded)[^1].Record.Reason);
    }

    [Fact]
    public void An_ObjectDisposedException_while_the_host_lives_is_a_failure()
    {
        Start(services => services.AddRecurringTask("task", (_, _) => throw new ObjectDisposedException("client"))
            .Every(1.Seconds));
        Advance(1);

        Assert.All(_observer.Of(LoopEventKind.IterationEnded), e => Assert.Equal(IterationOutcome.Failed, e.Record.Outcome));
        Assert.Empty(_observer.Of(LoopEventKind.LoopEnded));
    }

    private void MissServices() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    private void Start(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs);
        builder.Services.AddSingleton<TimeProvider>(_clock).AddSingleton(new Pacemaker(_clock, _thread.Dispatch))
            .AddSingleton<IRecurringTaskObserver>(_observer);
        configure(builder.Services);
        _host = builder.Build();
        _host.StartAsync().GetAwaiter().GetResult();
        _thread.RunUntilIdle();
    }

    private void Advance(int seconds)
    {
        for (var n = 0; n < seconds; n++)
        {
            _clock.MoveTo(_clock.GetTimestamp() + TimeSpan.TicksPerSecond);
            _thread.RunUntilIdle();
        }
    }

    private sealed class Slow(Action disposing) : IDisposable
    {
        public void Dispose() => disposing();
    }

    private sealed class Locks(Action missServices) : ILoopLockProvider
    {
        private readonly InProcessLockProvider _locks = new(Pacemaker.For(TimeProvider.System));

        public bool HasFencing => false;

        public ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken)
        {
            missServices();
            return _locks.TryAcquireAsync(request, cancellationToken);
        }
    }
}
