using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>A failed or timed-out iteration, as an <c>OnFailure</c> handler receives it.</summary>
public readonly record struct RecurringTaskFailure
{
    /// <summary>Creates the first failure of a loop: iteration 1 has <see cref="IterationOutcome.Failed"/>.</summary>
    public RecurringTaskFailure()
    {
    }

    /// <summary>The name of the recurring task.</summary>
    /// <value>The default is an empty text.</value>
    public string TaskName
    {
        get => field ?? "";
        init;
    } = "";

    /// <summary>The iteration's number, counted from 1.</summary>
    /// <value>The default is 1.</value>
    public long Number { get; init; } = 1;

    /// <summary>The nominal time the iteration was due.</summary>
    public DateTimeOffset Slot { get; init; }

    /// <summary><see cref="IterationOutcome.Failed"/> or <see cref="IterationOutcome.TimedOut"/>.</summary>
    /// <value>The default is <see cref="IterationOutcome.Failed"/>.</value>
    public IterationOutcome Outcome { get; init; } = IterationOutcome.Failed;

    /// <summary>The exception; null when an iteration that timed out ended without one.</summary>
    [JsonIgnore]
    public Exception? Exception { get; init; }

    /// <summary>How many iterations in a row have failed, this one included.</summary>
    /// <value>The default is 1.</value>
    public int ConsecutiveFailures { get; init; } = 1;

    /// <summary>Cancelled when the loop stops.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The key of the loop of a keyed task; null otherwise.</summary>
    [JsonIgnore]
    public object? Key { get; init; }

    /// <summary>
    /// The text of <see cref="Key"/> as in logs: one line of at most 200 characters. Null when there is no key.
    /// </summary>
    public string? KeyText => Key is null ? null : LoopName.FormatKey(Key);

    /// <summary>The type and message of <see cref="Exception"/>, cut after 1,000 characters; null when there is none.</summary>
    public string? Error => ErrorText.Format(Exception);
}
