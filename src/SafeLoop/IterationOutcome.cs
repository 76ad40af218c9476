using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>How a slot ended. Every slot ends in exactly one of these outcomes, never in <see cref="None"/>.</summary>
/// <remarks>
/// Policies, logs, metrics, history, health and tests all read this value. <see cref="OutcomeReason"/> gives the reason.
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<IterationOutcome>))]
public enum IterationOutcome : byte
{
    /// <summary>
    /// No outcome: the default value of a record, an iteration that is running, or an event that does not end a slot.
    /// </summary>
    None,

    /// <summary>Every step returned, and no cancellation was requested.</summary>
    Succeeded,

    /// <summary>A step, a check before it, its lock, or the creation or disposal of its services threw.</summary>
    Failed,

    /// <summary>The iteration exceeded its time limit or that of its resilience pipeline, and its token was cancelled.</summary>
    TimedOut,

    /// <summary>
    /// The iteration was cancelled before it ended. It is never <see cref="Succeeded"/>, even when the step returned normally.
    /// </summary>
    Interrupted,

    /// <summary>The steps did not run.</summary>
    Skipped,
}
