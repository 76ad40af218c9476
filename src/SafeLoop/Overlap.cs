using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>What to do with a slot that comes due while the previous iteration is still running.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Overlap>))]
public enum Overlap
{
    /// <summary>Skip it (<see cref="OutcomeReason.PreviousRunning"/>). The default: a fixed-rate loop does not burst.</summary>
    Skip,

    /// <summary>Keep one for after the running iteration; further ones are <see cref="OutcomeReason.BufferFull"/>.</summary>
    BufferOne,

    /// <summary>Keep them all, up to the limit, and run them in order.</summary>
    BufferAll,

    /// <summary>Cancel the running iteration (<see cref="OutcomeReason.Replaced"/>) and run this one when it has ended.</summary>
    CancelRunning,

    /// <summary>Run it beside the running one, up to the limit of parallel iterations.</summary>
    Allow,
}
