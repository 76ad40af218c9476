using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>
/// What a cron schedule does with local times that never happen, because the clock was set forward over them.
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
    /// Runs once when the gap ends, however many times were jumped over. The default, and what Cronos does: a daily job is
    /// never lost. A schedule that is due at the gap's end anyway, such as <c>*/30 * * * *</c>, runs there once; one that is
    /// not, such as <c>30 * * * *</c>, runs there as well.
    /// </summary>
    RunAfter,

    /// <summary>Drops the times that were jumped over: choose it when a late run is worse than none.</summary>
    Skip,

    /// <summary>
    /// Runs each time that was jumped over as if the clock had not been set: 02:30 runs at 03:30. Choose it to keep the
    /// elapsed distance between runs. Times that fall on a regular one run once.
    /// </summary>
    Shift,
}
