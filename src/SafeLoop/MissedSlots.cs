using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>
/// What to do with slots that the loop noticed too late: the process slept, a debugger stopped it, the machine was overloaded.
/// </summary>
/// <remarks>
/// <code>
/// slots      1    2    3    4    5    6          the process sleeps from 2 until shortly after 5
/// RunLatest  1    ............   5    6          5 runs late; 2, 3 and 4 are recorded as missed
/// Skip       1    ............   .    6          2 to 5 are recorded as missed
/// RunAll     1    ............ 2 3 4 5    6      all run, one after the other
/// </code>
/// After tokio's <c>MissedTickBehavior</c>.
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<MissedSlots>))]
public enum MissedSlots
{
    /// <summary>Run the latest missed slot once and record the number of the others. The default.</summary>
    RunLatest,

    /// <summary>
    /// Run no slot that is later than the window (by default half the time to the next slot). Continue with the next slot.
    /// </summary>
    Skip,

    /// <summary>Run all missed slots in order, up to the limit. When there are more, run the latest ones.</summary>
    RunAll,
}
