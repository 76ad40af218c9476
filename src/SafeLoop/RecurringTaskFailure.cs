using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>What an <c>OnFailure</c> handler is told about a failed or timed-out iteration.</summary>
/// <param name="TaskName">The name of the recurring task.</param>
/// <param name="Number">The iteration's number, counted from 1.</param>
/// <param name="Slot">The nominal time the iteration was due.</param>
/// <param name="Outcome"><see cref="IterationOutcome.Failed"/> or <see cref="IterationOutcome.TimedOut"/>.</param>
/// <param name="Exception">What was thrown; null when an iteration that timed out ended without throwing.</param>
/// <param name="ConsecutiveFailures">How many iterations in a row have failed, this one included.</param>
/// <param name="CancellationToken">Cancelled when the loop is told to stop.</param>
public readonly record struct RecurringTaskFailure(
    string TaskName,
    long Number,
    DateTimeOffset Slot,
    IterationOutcome Outcome,
    [property: JsonIgnore] Exception? Exception,
    int ConsecutiveFailures,
    [property: JsonIgnore] CancellationToken CancellationToken)
{
    /// <summary>Of a keyed task, the key of the loop; null otherwise.</summary>
    [JsonIgnore]
    public object? Key { get; init; }

    /// <summary>
    /// The text of <see cref="Key"/> as in logs: one line of at most 200 characters. Null when there is no key.
    /// </summary>
    public string? KeyText => Key is null ? null : LoopName.FormatKey(Key);

    /// <summary>The type and message of <see cref="Exception"/>, cut after 1,000 characters; null when there is none.</summary>
    public string? Error => ErrorText.Format(Exception);
}
