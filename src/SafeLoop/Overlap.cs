using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>What to do with a slot that comes due while the previous iteration is still running.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Overlap>))]
public enum Overlap
{
    /// <summary>Skip it (<see cref="OutcomeReason.PreviousRunning"/>). The default: a fixed-rate loop does not burst.</summary>
    Skip,

    /// <summary>
    /// Buffer one slot until the running iteration ends; further slots are skipped with <see cref="OutcomeReason.BufferFull"/>.
    /// </summary>
    BufferOne,

    /// <summary>Buffer all slots, up to the limit, and run them in order.</summary>
    BufferAll,

    /// <summary>
    /// Cancel the running iteration (<see cref="OutcomeReason.Replaced"/>) and run the slot when it has ended.
    /// </summary>
    CancelRunning,

    /// <summary>Run the slot in parallel, up to the limit of parallel iterations.</summary>
    Allow,
}
