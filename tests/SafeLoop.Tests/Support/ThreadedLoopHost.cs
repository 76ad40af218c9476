using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests;

/// <summary>
/// A host on real threads, for steps that need them. Time is virtual all the same: it passes when a
/// test says so, and tests wait for signals.
/// </summary>
internal sealed class ThreadedLoopHost : IDisposable
{
    /// <summary>A limit for hangs. It is long, so that a busy machine does not fail a test.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly IHost _host;

    private ThreadedLoopHost(Action<IServiceCollection> configure, TimeProvider? time)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);
        builder.Services.AddSingleton(time ?? Clock);
        builder.Services.AddSingleton(new Pacemaker(time ?? Clock)); // its own: others share that of the real clock
        builder.Services.AddSingleton<IRecurringTaskObserver>(Observer);
        configure(builder.Services);
        builder.Services.AddRecurringTasks();
        _host = builder.Build();
    }

    public VirtualClock Clock { get; } = new(LoopHost.Start);

    public SignallingObserver Observer { get; } = new();

    public RecordingLoggerProvider Logs { get; } = new();

    public IServiceProvider Services => _host.Services;

    public IRecurringTasks Tasks => Services.GetRequiredService<IRecurringTasks>();

    public RecurringTaskHandle this[string name] => Tasks[name];

    public static ThreadedLoopHost Run(Action<IServiceCollection> configure, TimeProvider? time = null)
    {
        var host = new ThreadedLoopHost(configure, time);
        Wait(host._host.StartAsync());
        return host;
    }

    /// <summary>Time passes. What comes due then runs on its own threads: wait for what you expect of it.</summary>
    public void Advance(TimeSpan span)
    {
        var target = Clock.GetTimestamp() + span.Ticks;
        while (Clock.NextDue is { } due && due <= target)
            Clock.MoveTo(Math.Max(due, Clock.GetTimestamp()));
        Clock.MoveTo(target);
    }

    public Task StopHost(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    public static void Wait(Task task)
    {
        Assert.True(Task.WhenAny(task).Wait(Patience), "It did not end.");
        task.GetAwaiter().GetResult();
    }

    public static void Wait(ManualResetEventSlim signal) => Assert.True(signal.Wait(Patience), "The signal did not come.");

    public void Dispose()
    {
        Wait(StopHost(new CancellationToken(canceled: true)));
        _host.Dispose();
    }
}
