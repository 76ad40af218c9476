using System.Globalization;

namespace SafeLoop;

/// <summary>Names the exclusion that excludes an instant.</summary>
/// <remarks>Calls the user's rules, which may throw: such a rule excludes nothing.</remarks>
internal static class ExclusionText
{
    public static string Describe(RecurringTaskOptions options, DateTimeOffset instant) =>
        options.Exclusions.FirstOrDefault(exclusion => Excludes(options, exclusion, instant)) switch
        {
            { Hours: { } hours } => string.Create(
                CultureInfo.InvariantCulture, $"Exclusion.Times({hours.From:HH:mm:ss} to "
                    + $"{hours.From.Add(hours.Length):HH:mm:ss})"),
            { Schedule: { } schedule } => $"Exclusion.Cron(\"{Printable.Escape(schedule.Expression)}\")",
            { Days: not null } => "Exclusion.Dates or Exclusion.Weekdays",
            _ => "its exclusions",
        };

    private static bool Excludes(RecurringTaskOptions options, Exclusion exclusion, DateTimeOffset instant)
    {
        var alone = options.Copy();
        alone.Exclusions.Clear();
        alone.Exclusions.Add(exclusion);
        return new ExcludedTimes(alone, []).At(instant.UtcTicks).IsExcluded;
    }
}
