using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>How a slot ended. Every slot ends in exactly one of these, and never in <see cref="None"/>.</summary>
/// <remarks>Policies, logs, metrics, history, health and tests all read this one value. <see cref="OutcomeReason"/> says why.</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<IterationOutcome>))]
public enum IterationOutcome : byte
{
    /// <summary>
    /// No outcome: the default value of a record, an iteration that is running, or an event that does not end a slot.
    /// </summary>
    None,

    /// <summary>Every step returned, and nothing had asked it to stop.</summary>
    Succeeded,

    /// <summary>A step, a check before it, its lock or its services threw.</summary>
    Failed,

    /// <summary>The iteration exceeded its time limit or that of its resilience pipeline, and its token was cancelled.</summary>
    TimedOut,

    /// <summary>The iteration was told to give up before it ended. Never reported as <see cref="Succeeded"/>, even if the step returned.</summary>
    Interrupted,

    /// <summary>The steps did not run.</summary>
    Skipped,
}
