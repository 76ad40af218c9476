using Polly;

namespace SafeLoop;

/// <summary>The immutable definition of a recurring task. New options make a new definition; the loop goes on with its history.</summary>
internal sealed record RecurringTask(
    string Name,
    RecurringTaskOptions Options,
    IDelayPolicy Delay,
    ResiliencePipeline? Resilience,
    TaskSteps Steps)
{
    /// <summary>Intervals count on the monotonic clock; whatever speaks of the calendar follows the wall clock.</summary>
    public bool FollowsWallClock => Delay is not (FixedRate or FixedDelay or Continuous);
}
