using Polly;

namespace SafeLoop;

/// <summary>The immutable definition of a recurring task. New options make a new definition; the loop goes on with its history.</summary>
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

    /// <summary>The rules for its slots.</summary>
    public SlotRules Rules { get; private init; } = new(Options, Schedule);

    /// <summary>The same definition with other options.</summary>
    public RecurringTask With(RecurringTaskOptions options, ISchedule schedule) =>
        this with { Options = options, Schedule = schedule, Rules = new(options, schedule) };

    /// <summary>Intervals count on the monotonic clock; whatever speaks of the calendar follows the wall clock.</summary>
    public bool FollowsWallClock => Schedule is not (FixedRate or FixedDelay or Continuous);

    /// <summary>The same on every machine: then replicas can tell which of them have run. Those of intervals begin when each process does.</summary>
    public bool HasCommonSlots => Schedule is CronSchedule;

    /// <summary>Iterations may run beside each other.</summary>
    public bool IsParallel => Options.Overlap.Policy is Overlap.Allow;

    /// <summary>A slot that comes due while an iteration runs starts another beside it, or in its place.</summary>
    public bool MeetsSlotsWhileRunning => Options.Overlap.Policy is Overlap.Allow or Overlap.CancelRunning;

    /// <summary>How long an iteration may take; null: as long as it likes.</summary>
    public TimeSpan? TimeLimit => Options.Timeout is { } limit && limit != Timeout.InfiniteTimeSpan ? limit : null;

    public int MostParallel => IsParallel ? Options.Overlap.Max : 1;

    /// <summary>An iteration for which nobody has said how long it may take is worth a word when it takes longer than an hour, and longer than to the next slot.</summary>
    /// <returns>Null: somebody has said it.</returns>
    public TimeSpan? LongAfter(DateTimeOffset slot)
    {
        if (Options.Timeout is not null)
            return null;
        var cadence = Schedule is CronSchedule cron ? cron.NextAfter(slot) - slot : Options.Every ?? Options.Delay;
        return cadence > Long ? cadence : Long;
    }
}
