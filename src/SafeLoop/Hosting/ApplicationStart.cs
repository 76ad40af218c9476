using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Begins the schedules once the application has started, and reports when that takes longer than a minute.</summary>
internal sealed class ApplicationStart(
    LoopEnvironment environment,
    RecurringTasks tasks,
    IHostApplicationLifetime? lifetime,
    ILogger logger) : IDisposable
{
    // Migrations and warm-up take seconds. A StartAsync that takes longer most likely hangs.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private long _since;
    private volatile bool _isAwaited;

    /// <summary>
    /// A sentence when tasks have waited for a minute. Null when the application has started, started recently, or no task
    /// waits.
    /// </summary>
    public string? Report
    {
        get
        {
            var elapsed = _isAwaited ? environment.Time.GetElapsedTime(_since) : TimeSpan.Zero;
            if (elapsed < Long || Waiting is not (> 0 and var waiting))
                return null;
            return $"The application has not started for {Seconds(elapsed)}, so {waiting} recurring task(s) wait for their "
                + "first slot. Most likely the StartAsync of a hosted service does not return.";
        }
    }

    private static TimeSpan Seconds(TimeSpan elapsed) => TimeSpan.FromSeconds((long)elapsed.TotalSeconds);

    private int Waiting => tasks.All.Count(task => task.IsHeld);

    /// <summary>Lets runs by hand start, while slots wait until the application has started.</summary>
    public void Await()
    {
        // Without a lifetime OnServiceStarted begins. Two joined service collections call this twice.
        if (lifetime is null || _timer is not null)
            return;
        (_since, _isAwaited) = (environment.Time.GetTimestamp(), true);
        _timer = CreateTimer();
        _registration = lifetime.ApplicationStarted.UnsafeRegister(static start => ((ApplicationStart)start!).Begin(), this);
    }

    /// <summary>
    /// Handles the start of the hosted service. Without a lifetime to report the application's start, slots begin.
    /// </summary>
    public void OnServiceStarted()
    {
        if (lifetime is null)
            Begin();
    }

    public void Dispose()
    {
        _isAwaited = false;
        _registration.Unregister(); // Dispose would wait for schedules that are beginning, and for policies that block there
        _timer?.Dispose();
    }

    private void Begin()
    {
        _isAwaited = false;
        _timer?.Dispose();
        if (environment.Pacemaker.HasItsOwnThread)
            // Dispatched after the starts of all loops, so that their order is fixed.
            environment.Pacemaker.Dispatch(new WorkItem(BeginSchedules));
        else
            BeginSchedules();
    }

    private void BeginSchedules()
    {
        environment.OnApplicationStarted();
        tasks.Begin();
    }

    // Suppresses the flow of the execution context, which the timer would keep alive.
    private ITimer CreateTimer()
    {
        using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return environment.Time.CreateTimer(
            static start => ((ApplicationStart)start!).Check(), this, Long, Long);
    }

    // Reports once. The timer repeats because it may fire early and a task may be added later.
    private void Check()
    {
        if (Report is not { } report)
            return;
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            HostLog.Warning(logger, report);
        }
        catch (Exception) // the log is user code and must not end the timer's thread; health reports the same
        {
        }
    }
}
