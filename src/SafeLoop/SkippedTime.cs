using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>
/// What a cron schedule does with local times that do not exist because the clock was set forward.
/// </summary>
/// <remarks>
/// A schedule <c>30 2 * * *</c> on the day the clock goes from 02:00 to 03:00:
/// <code>
/// local time     01:30   02:00=03:00   03:30   04:00
/// RunAfter                 X                            runs at 03:00
/// Shift                                 X               runs at 03:30, one elapsed half-hour after the change
/// Skip                                                  does not run that day
/// </code>
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<SkippedTime>))]
public enum SkippedTime
{
    /// <summary>
    /// Runs once when the gap ends, however many times were skipped. The default, as in Cronos: a daily job always runs. A
    /// schedule that is due at the end of the gap anyway, such as <c>*/30 * * * *</c>, runs there once. One that is not, such
    /// as <c>30 * * * *</c>, runs there in addition.
    /// </summary>
    RunAfter,

    /// <summary>Drops the skipped times: for work where a late run is worse than none.</summary>
    Skip,

    /// <summary>
    /// Runs each skipped time as if the clock had not been set: 02:30 runs at 03:30. This keeps the elapsed time between runs.
    /// A shifted time that coincides with a regular one runs once.
    /// </summary>
    Shift,
}
