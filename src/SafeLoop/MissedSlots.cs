using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>What to do with slots that were noticed too late: the process slept, a debugger stopped it, the machine was overloaded.</summary>
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
    /// <summary>Run the latest one, once; record how many were missed. The default.</summary>
    RunLatest,

    /// <summary>Run none that is later than the window (by default: half way to the next slot); continue with the next.</summary>
    Skip,

    /// <summary>Run all of them in order, at most as many as the limit, the latest ones.</summary>
    RunAll,
}
