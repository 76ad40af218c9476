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
    /// <summary>Intervals count on the monotonic clock; whatever speaks of the calendar follows the wall clock.</summary>
    public bool FollowsWallClock => Schedule is not (FixedRate or FixedDelay or Continuous);

    /// <summary>The same on every machine: then replicas can tell which of them have run. Those of intervals begin when each process does.</summary>
    public bool HasCommonSlots => Schedule is CronDelay;

    /// <summary>Iterations may run beside each other.</summary>
    public bool IsParallel => Options.OnOverlap is Overlap.Allow;

    /// <summary>A slot that comes due while an iteration runs starts another beside it, or in its place.</summary>
    public bool MeetsSlotsWhileRunning => Options.OnOverlap is Overlap.Allow or Overlap.CancelRunning;

    public int MostParallel => IsParallel ? Options.OverlapMax : 1;
}
