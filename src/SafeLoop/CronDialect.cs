using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>The scheduler for which a cron expression was written. Schedulers read some expressions differently.</summary>
/// <remarks>
/// <code>
///                    0 0 1,15 * 5                    0 0 12 ? * 2-6
/// not stated         as Cronos, with a warning       as Cronos, with a warning
/// Cronos             the 1st or 15th, if a Friday    Tuesday to Saturday
/// Crontab            the 1st, the 15th, each Friday  Tuesday to Saturday
/// Quartz             refused                         Monday to Friday
/// </code>
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<CronDialect>))]
public enum CronDialect
{
    /// <summary>
    /// Cronos and Hangfire: five fields, or six with seconds first. When day of month and day of week are both given, both
    /// must match. Sunday is 0 or 7.
    /// </summary>
    Cronos,

    /// <summary>
    /// crontab (Vixie cron, cronie) and Kubernetes: as <see cref="Cronos"/>, but when day of month and day of week are both
    /// restricted, a day that matches either is due. A field that begins with <c>*</c> restricts nothing, so <c>*/2</c> and a
    /// weekday must both match. (Kubernetes counts <c>*/2</c> as a restriction: write <c>1-31/2</c>.)
    /// </summary>
    Crontab,

    /// <summary>
    /// Quartz: six fields with seconds first. A seventh field, the year, must be <c>*</c> or <c>?</c>. Weekdays are 1 (Sunday) to
    /// 7 (Saturday), and <c>L</c> alone is Saturday. Exactly one of day of month and day of week is <c>?</c>. Quartz 3 refuses an
    /// expression that restricts both, and Quartz 4 reads it as crontab does. To bound the years, use
    /// <see cref="RecurringTaskOptions.StartAt"/> and <see cref="RecurringTaskOptions.EndAt"/>.
    /// </summary>
    Quartz,
}
