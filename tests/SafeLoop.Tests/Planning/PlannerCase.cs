using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace SafeLoop.Tests.Planning;

/// <summary>A loop's state with what a test says about it; times in seconds since the start.</summary>
internal sealed class PlannerCase
{
    private static readonly DateTimeOffset Start = LoopHost.Start;
    private readonly RecordingObserver _observer = new();
    private readonly LoopObservers _observers;
    private readonly RecurringTask _task;
    private readonly Func<double> _random;

    public LoopState State;

    public PlannerCase(ISchedule policy, Action<RecurringTaskOptions>? configure = null, double random = 0.5)
        : this(policy, configure, () => random)
    {
    }

    public PlannerCase(ScriptedPolicy policy, Action<RecurringTaskOptions>? configure = null, double random = 0.5)
        : this(new UserPolicy(policy), configure, () => random)
    {
    }

    public PlannerCase(ISchedule policy, Action<RecurringTaskOptions>? configure, Func<double> random)
    {
        var options = new RecurringTaskOptions();
        switch (policy)
        {
            case FixedRate: options.Every = 10.Seconds; break;
            case FixedDelay: options.Delay = 10.Seconds; break;
            case CronSchedule cron: options.Cron = cron.Expression; break;
            default: break;
        }
        configure?.Invoke(options);
        _random = random;
        _observers = new LoopObservers(() => [_observer], NullLogger.Instance, new(NullLogger.Instance));
        _task = new RecurringTask("updateDeviceInfo", options, policy, null, new TaskSteps([]));
        State.Begin(Start, Start);
    }

    public static FixedRate Every10 => new(10.Seconds);

    public static FixedDelay Delay10 => new(10.Seconds);

    public static CronSchedule Minutely => CronSchedule.Parse("* * * * *");

    public List<string> Faults => [.. _observer.Of(LoopEventKind.Fault).Select(fault => fault.Text!)];

    /// <summary>Begins the schedule again at an instant.</summary>
    public PlannerCase Begin(double now)
    {
        Planner.Begin(ref State, ContextAt(now));
        return this;
    }

    public PlannerCase After(double slot, double? ended = null, int failures = 0)
    {
        if (State.Slot != At(slot))
            State.ClearPlan();
        (State.Slot, State.Planned, State.Ended) = (At(slot), At(slot), At(ended ?? slot));
        (State.ConsecutiveFailures, State.Outcome) = (failures,
            failures > 0 ? IterationOutcome.Failed : IterationOutcome.Succeeded);
        return this;
    }

    public PlannedSlot Next(double now, double? chosen = null)
    {
        var context = ContextAt(now);
        if (chosen is { } slot)
        {
            State.ClearPlan();
            (State.IsChosen, State.NextSlot) = (true, At(slot));
        }
        Planner.Plan(ref State, context, At(now));
        return LoopPlan.Next(State, _task, context.Clock);
    }

    public double? NextSlot(double now, double? chosen = null) =>
        Next(now, chosen) is { Exists: true } next ? Seconds(next.Slot) : null;

    public double? NextDue(double now, double? chosen = null) =>
        Next(now, chosen) is { Exists: true } next ? Seconds(next.Due) : null;

    public double PlannedFrom(double now, double? startAt = null) =>
        Seconds(_task.Rules.PlannedFrom(At(now), startAt is { } s ? At(s) : null, ContextAt(now).Phase));

    public DueSlots CountDue(PlannedSlot planned, double now, Instant? endAt = null) =>
        _task.Rules.CountDue(planned, At(now), endAt ?? Instant.Never, TimeSpan.Zero);

    public static Instant At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    public static double Seconds(Instant instant) => (instant - Start).TotalSeconds;

    private PlanContext ContextAt(double now) =>
        new(_task, new LoopClock(new FakeTimeProvider(At(now).ToDateTimeOffset()), _task.FollowsWallClock), null, _observers,
            _random);
}
