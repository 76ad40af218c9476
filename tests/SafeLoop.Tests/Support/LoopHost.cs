using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests;

/// <summary>
/// A host in virtual time: nothing runs but while it is advanced, and when that returns everything due has run.
/// </summary>
internal sealed class LoopHost : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly IHost _host;
    private readonly VirtualThread _thread = new();

    /// <param name="configure">Registers the tasks.</param>
    /// <param name="start">The time at the start; null: <see cref="Start"/>.</param>
    /// <param name="settings">The configuration; null: none.</param>
    /// <param name="isClockWatched">False: no check every two seconds whether the wall clock was set, for long times.</param>
    public LoopHost(
        Action<IServiceCollection> configure,
        DateTimeOffset? start = null,
        IDictionary<string, string?>? settings = null,
        bool isClockWatched = true)
    {
        Clock = new VirtualClock(start ?? Start);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);
        builder.Services.AddSingleton<TimeProvider>(Clock).AddSingleton(Clock);
        builder.Services.AddSingleton(new Pacemaker(Clock, _thread.Dispatch) { IsNotifiedOfClockChanges = !isClockWatched });
        builder.Services.AddSingleton<IRecurringTaskObserver>(Observer);
        configure(builder.Services);
        builder.Services.AddRecurringTasks();
        _host = builder.Build();
    }

    public VirtualClock Clock { get; }

    public RecordingObserver Observer { get; } = new();

    public RecordingLoggerProvider Logs { get; } = new();

    public IServiceProvider Services => _host.Services;

    public IRecurringTasks Tasks => Services.GetRequiredService<IRecurringTasks>();

    public IConfigurationRoot Configuration => (IConfigurationRoot)Services.GetRequiredService<IConfiguration>();

    public RecurringTaskHandle this[string name] => Tasks[name];

    /// <summary>Starts a host with these tasks and runs what is due at once.</summary>
    public static LoopHost Run(
        Action<IServiceCollection> configure, DateTimeOffset? start = null, IDictionary<string, string?>? settings = null)
    {
        var host = new LoopHost(configure, start, settings);
        host.StartHost();
        return host;
    }

    public void StartHost()
    {
        Wait(StartAsync());
        Settle();
    }

    /// <summary>Begins to start the host. The task completes when all hosted services have started.</summary>
    public Task StartAsync()
    {
        var started = _host.StartAsync();
        Settle();
        return started;
    }

    /// <summary>How slots ended, in order.</summary>
    public IReadOnlyList<IterationRecord> Records(string? task = null) =>
        [.. Observer.Of(LoopEventKind.IterationEnded).Where(e => task is null || e.TaskName == task).Select(e => e.Record)];

    /// <summary>Runs everything that is due in the span, each at its time.</summary>
    public void Advance(TimeSpan span)
    {
        var target = Clock.GetTimestamp() + span.Ticks;
        Settle();
        while (Clock.NextDue is { } due && due <= target)
        {
            Move(Math.Max(due, Clock.GetTimestamp()));
        }
        Move(Math.Max(target, Clock.GetTimestamp())); // a step may have passed time of its own
    }

    /// <summary>The process sleeps: time passes and nothing runs; then everything looks at the clock at once.</summary>
    public void Sleep(TimeSpan span)
    {
        Settle();
        Move(Clock.GetTimestamp() + span.Ticks);
    }

    private void Move(long timestamp)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // steps that await the clock go on right here
        try
        {
            Clock.MoveTo(timestamp);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
        Settle();
    }

    /// <summary>Runs what can run without time passing.</summary>
    public void Settle() => _thread.RunUntilIdle();

    /// <summary>Stops the host, as far as it goes without time passing; the task ends when it has stopped.</summary>
    public Task StopHost(CancellationToken cancellationToken = default)
    {
        var stopped = _host.StopAsync(cancellationToken);
        Settle();
        return stopped;
    }

    /// <summary>Runs until the task has ended; for what must end without time passing.</summary>
    public void Wait(Task task)
    {
        for (var turn = 0; !task.IsCompleted && turn < 1000; turn++)
        {
            Settle();
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne(turn == 0 ? 0 : 10); // unlike Wait, throws nothing
        }
        Assert.True(task.IsCompleted, "It did not end.");
        task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Wait(StopHost(new CancellationToken(canceled: true)));
        _host.Dispose();
    }
}
