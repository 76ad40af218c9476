using Polly;

namespace SafeLoop;

/// <summary>
/// The immutable definition of a recurring task. New options create a new definition; the loop keeps its history.
/// </summary>
internal sealed record RecurringTask(
    string Name,
    RecurringTaskOptions Options,
    ISchedule Schedule,
    ResiliencePipeline? Resilience,
    TaskSteps Steps)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    /// <summary>
    /// The definition that this one replaces while a key has no valid schedule; null for an ordinary definition.
    /// </summary>
    public RecurringTask? StandsInFor { get; init; }

    /// <summary>
    /// Finds the schedule of a key that had no valid one; returns null while it has none. Null for an ordinary definition.
    /// </summary>
    public Func<IKeyed, RecurringTask?>? FindSchedule { get; init; }

    /// <summary>The ownership of the shard to which the loop belongs; null: it runs on this host in any case.</summary>
    public ShardOwnership? Shard { get; init; }

    /// <summary>The rules for its slots.</summary>
    public SlotRules Rules { get; private init; } = new(Options, Schedule);

    /// <summary>Creates the same definition with other options.</summary>
    public RecurringTask With(RecurringTaskOptions options, ISchedule schedule) =>
        this with { Options = options, Schedule = schedule, Rules = new(options, schedule) };

    /// <summary>
    /// True when the schedule follows the wall clock. Intervals follow the monotonic clock, except in a cluster, where a loop
    /// may continue on another machine.
    /// </summary>
    public bool FollowsWallClock => Options.InCluster || Schedule is not (FixedRate or FixedDelay or Continuous);

    /// <summary>
    /// True when the slots are the same on every machine, so that replicas can compare them. Slots of intervals start with each
    /// process.
    /// </summary>
    public bool HasCommonSlots => Schedule is CronSchedule or CommonGrid;

    /// <summary>True when iterations may run in parallel.</summary>
    public bool IsParallel => Options.Overlap.Policy is Overlap.Allow;

    /// <summary>True when a slot that comes due during an iteration starts another one in parallel, or replaces it.</summary>
    public bool StartsBesideTheLoop => Options.Overlap.Policy is Overlap.Allow or Overlap.CancelRunning;

    /// <summary>The time limit of an iteration; null: none.</summary>
    public TimeSpan? TimeLimit => Options.Timeout is { } limit && limit != Timeout.InfiniteTimeSpan ? limit : null;

    public int MostParallel => IsParallel ? Options.Overlap.Max : 1;

    /// <summary>
    /// The time after which an iteration is reported as long-running: one hour or one period, whichever is longer.
    /// </summary>
    /// <returns>Null when the options set a time limit, or state that there is none.</returns>
    public TimeSpan? LongAfter(DateTimeOffset slot)
    {
        if (Options.Timeout is not null)
            return null;
        var cadence = Schedule is CronSchedule cron ? cron.NextAfter(slot) - slot : Options.Every ?? Options.Delay;
        return cadence > Long ? cadence : Long;
    }
}
