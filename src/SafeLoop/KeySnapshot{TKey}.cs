namespace SafeLoop;

/// <summary>The loop of one key as it was at one moment.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// A waiting loop keeps no history. The handle of <see cref="IRecurringTaskKeys{TTask, TKey}.Find"/> begins one when it first
/// controls the loop.
/// </remarks>
public sealed record KeySnapshot<TKey>
    where TKey : notnull
{
    /// <summary>The key.</summary>
    public required TKey Key { get; init; }

    /// <summary>What its loop was doing.</summary>
    /// <value>The default is <see cref="RecurringTaskState.NotStarted"/>.</value>
    public RecurringTaskState State { get; init; }

    /// <summary>Why it is disabled, is paused or has ended, in words; null when no reason is known.</summary>
    public string? StateReason { get; init; }

    /// <summary>Why its loop ended; null while it has not.</summary>
    public LoopEnd? End { get; init; }

    /// <summary>How many iterations have started.</summary>
    public long Iterations { get; init; }

    /// <summary>How many iterations in a row have failed or timed out.</summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>When its oldest running iteration started; null when none is running.</summary>
    public DateTimeOffset? RunningSince { get; init; }

    /// <summary>How the last slot ended; null before the first.</summary>
    public IterationOutcome? LastOutcome { get; init; }

    /// <summary>When the last iteration ended, or the last slot was skipped; null before that.</summary>
    public DateTimeOffset? LastEnded { get; init; }

    /// <summary>How long the last iteration ran, to within a tenth of a percent; zero before the first.</summary>
    public TimeSpan LastElapsed { get; init; }

    /// <summary>
    /// The type and message of the last failure since the last success, cut after 1,000 characters. Null when there was none
    /// and when nothing was thrown. Also null when 1,000 other keys of the task began to fail earlier: no more errors are kept.
    /// </summary>
    public string? LastError { get; init; }

    /// <summary>The next slot; null while none is planned.</summary>
    public DateTimeOffset? NextSlot { get; init; }
}
