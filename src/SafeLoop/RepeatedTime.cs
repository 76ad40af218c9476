using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>
/// What a cron schedule does with local times that occur twice because the clock was set back.
/// </summary>
/// <remarks>
/// The schedule <c>30 1 * * *</c> on the day the clock goes back from 02:00 to 01:00:
/// <code>
/// local time   01:00   01:30   02:00=01:00   01:30   02:00
/// First                  X
/// Last                                         X
/// Both                   X                     X
/// </code>
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<RepeatedTime>))]
public enum RepeatedTime
{
    /// <summary>
    /// Decides by the expression, as Vixie cron and Cronos do. Fixed times (<c>30 1 * * *</c>) run once, in the first pass. An
    /// expression with a wildcard, range or step in its second, minute or hour (<c>*/5 * * * *</c>) runs in both passes,
    /// because it describes a rhythm and not a time of day. The default.
    /// </summary>
    Automatic,

    /// <summary>Runs in the first pass only: a rhythm pauses during the second pass.</summary>
    First,

    /// <summary>Runs in the last pass only: for work that needs all data of the first pass.</summary>
    Last,

    /// <summary>Runs in both passes: a daily job at a repeated time runs twice that day.</summary>
    Both,
}
