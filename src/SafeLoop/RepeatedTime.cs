using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>
/// What a cron schedule does with local times that happen twice, because the clock was set back over them.
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
    /// Decides by the expression, as Vixie cron and Cronos do: fixed times (<c>30 1 * * *</c>) run once, in the first pass; an
    /// expression with a wildcard, range or step among its second, minute and hour (<c>*/5 * * * *</c>) runs in both, since its
    /// author asked for a rhythm and not for a time of day. The default.
    /// </summary>
    Automatic,

    /// <summary>Runs in the first pass only: a rhythm pauses while the repeated times pass.</summary>
    First,

    /// <summary>Runs in the last pass only: choose it for work that must see the whole of the first.</summary>
    Last,

    /// <summary>Runs in both passes: a daily job at a repeated time runs twice that day.</summary>
    Both,
}
