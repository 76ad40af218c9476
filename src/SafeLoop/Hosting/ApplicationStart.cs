using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Lets scheduled slots begin once the application has started, and reports it when that takes long.</summary>
internal sealed class ApplicationStart(
    LoopEnvironment environment,
    RecurringTasks tasks,
    KeyedTasks keyed,
    IHostApplicationLifetime? lifetime,
    ILogger logger) : IDisposable
{
    // Migrations and warm-up take seconds; a StartAsync that takes longer most likely hangs.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private long _since;
    private volatile bool _isAwaited;

    /// <summary>What there is to report; null: nothing, because it has started, may still be starting, or no task waits.</summary>
    public string? Report
    {
        get
        {
            var elapsed = _isAwaited ? environment.Time.GetElapsedTime(_since) : TimeSpan.Zero;
            return elapsed >= Long && Waiting is > 0 and var waiting
                ? $"The application has not started for {Seconds(elapsed)}, so {waiting} recurring task(s) wait for their first slot. "
                    + "Most likely the StartAsync of a hosted service does not return."
                : null;
        }
    }

    private static TimeSpan Seconds(TimeSpan elapsed) => TimeSpan.FromSeconds((long)elapsed.TotalSeconds);

    private int Waiting => tasks.All.Count(task => task.Acting.IsHeld) + keyed.All.Count(task => task.IsHeld);

    /// <summary>From now on runs by hand run, and slots wait until the application has started.</summary>
    public void Await()
    {
        if (lifetime is null || _timer is not null)
            return; // a bare host, whose services' start is the application's; or another service of a joined collection was here
        (_since, _isAwaited) = (environment.Time.GetTimestamp(), true);
        _timer = CreateTimer();
        _registration = lifetime.ApplicationStarted.UnsafeRegister(static start => ((ApplicationStart)start!).Begin(), this);
    }

    /// <summary>The hosted service was started. Without a lifetime that reports the application's start, slots begin now.</summary>
    public void ServiceStarted()
    {
        if (lifetime is null)
            Begin();
    }

    public void Dispose()
    {
        _isAwaited = false;
        _registration.Dispose();
        _timer?.Dispose();
    }

    private void Begin()
    {
        _isAwaited = false;
        _timer?.Dispose();
        environment.ApplicationHasStarted();
        tasks.Begin();
        keyed.Begin();
    }

    // Without the caller's context, which the timer would keep.
    private ITimer CreateTimer()
    {
        using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return environment.Time.CreateTimer(
            static start => ((ApplicationStart)start!).Look(), this, Long, Long);
    }

    // Once is enough. A timer may fire early, though, and a task may come to wait later.
    private void Look()
    {
        if (Report is not { } report)
            return;
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            Log.Doubtful(logger, report);
        }
        catch (Exception) // the user's log, on a timer's thread: health says it too
        {
        }
    }
}
