namespace SafeLoop.Tests.Delays;

/// <summary>A planner with what a test says about it; times in seconds since the start.</summary>
internal sealed class PlannerCase
{
    private static readonly DateTimeOffset Start = LoopHost.Start;
    private readonly SlotPlanner _planner;
    private PlannedSlot _planned = PlannedSlot.None;

    public PlannerCase(ISchedule policy, Action<RecurringTaskOptions>? configure = null, double random = 0.5)
    {
        var options = new RecurringTaskOptions();
        switch (policy)
        {
            case FixedRate: options.Every = 10.Seconds; break;
            case FixedDelay: options.Delay = 10.Seconds; break;
            default: break;
        }
        configure?.Invoke(options);
        _planner = new SlotPlanner(options, policy, "updateDeviceInfo", () => random);
    }

    public PlannerCase(ScriptedPolicy policy, Action<RecurringTaskOptions>? configure = null, double random = 0.5)
        : this(new UserPolicy(policy), configure, random)
    {
    }

    public static FixedRate Every10 => new(10.Seconds);

    public static FixedDelay Delay10 => new(10.Seconds);

    public static CronSchedule Minutely => CronSchedule.Parse("* * * * *");

    public LoopHistory History { get; } = new(Start);

    public List<string> Faults { get; } = [];

    public SlotPlanner Planner => _planner;

    public PlannerCase After(double slot, double? ended = null, int failures = 0)
    {
        if (History.Slot != At(slot))
            _planned = PlannedSlot.None;
        (History.Slot, History.Planned, History.Ended) = (At(slot), At(slot), At(ended ?? slot));
        (History.ConsecutiveFailures, History.Outcome) = (failures, failures > 0 ? IterationOutcome.Failed : IterationOutcome.Succeeded);
        return this;
    }

    public PlannedSlot Next(double now, double? chosen = null, double? endAt = null)
    {
        _planner.Next(
            History, chosen is { } c ? At(c) : Instant.None, At(now), endAt is { } e ? At(e) : Instant.Never, (text, _) => Faults.Add(text), ref _planned);
        return _planned;
    }

    public double? NextSlot(double now, double? chosen = null, double? endAt = null) => Next(now, chosen, endAt) is { Exists: true } next ? Seconds(next.Slot) : null;

    public double? NextDue(double now, double? chosen = null) => Next(now, chosen) is { Exists: true } next ? Seconds(next.Due) : null;

    public double PlannedFrom(double now, double? startAt = null) => Seconds(_planner.PlannedFrom(At(now), startAt is { } s ? At(s) : null));

    public static Instant At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    public static double Seconds(Instant instant) => (instant - Start).TotalSeconds;
}
