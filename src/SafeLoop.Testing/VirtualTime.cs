using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Testing;

/// <summary>All that a host needs to live in virtual time. One for each host; goes with its services.</summary>
internal sealed class VirtualTime : IDisposable
{
    public static readonly DateTimeOffset DefaultStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public VirtualTime(IServiceProvider services, DateTimeOffset start)
    {
        Clock = new VirtualClock(start);
        Thread = new VirtualThread(Clock);
        RecurringTasks? known = null;
        RecurringTasks tasks() => known ??= services.GetRequiredService<RecurringTasks>(); // resolved late: they need the clock
        Steps = new WatchedSteps(Faults, tasks, Thread.Signal);
        Guard = new FrozenTimeGuard(Clock, Thread, tasks);
        Pacemaker = new Pacemaker(Clock, Thread.Dispatch) { IsNotifiedOfClockChanges = true };
        Clock.TimerIsSet = TimerIsSet;
        Thread.Watch(
            new IterationWatch(tasks, Steps),
            new StoreWatch(() => services.GetService<StoreAccess>()?.Session, Thread.Signal));
    }

    public VirtualClock Clock { get; }

    public VirtualThread Thread { get; }

    public Pacemaker Pacemaker { get; }

    public WatchedSteps Steps { get; }

    public FrozenTimeGuard Guard { get; }

    public FaultInjector Faults { get; } = new();

    public RecordingObserver Observer { get; } = new();

    public void SetWallClock(DateTimeOffset now)
    {
        Clock.SetWallClock(now);
        WallClockWatch.For(Pacemaker).OnWallClockSet();
    }

    public void Dispose() => Thread.Dispose();

    private void TimerIsSet(VirtualTimer timer, bool isSet)
    {
        if (timer.Flow is not { } flow)
            return;
        flow.Count(timer, isSet);
        Thread.Signal();
    }
}
