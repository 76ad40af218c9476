using System.Globalization;

namespace SafeLoop;

/// <summary>Finds the exclusion that excludes an instant: its name, and the excluded time as an operator sees it.</summary>
/// <remarks>Calls the user's rules, which may throw: such a rule excludes nothing.</remarks>
internal static class ExclusionText
{
    private const int MostStretches = 1_000; // a rule of the user may exclude each day of all years

    /// <param name="options">The options with the exclusions.</param>
    /// <param name="instant">The instant.</param>
    /// <param name="known">What is known to be excluded there.</param>
    public static (string Name, Stretch Time) Find(RecurringTaskOptions options, DateTimeOffset instant, Stretch known)
    {
        foreach (var exclusion in options.Exclusions)
        {
            var alone = Alone(options, exclusion);
            if (alone.At(instant.UtcTicks) is { IsExcluded: true } stretch)
                return (Name(exclusion), Extend(alone, stretch));
        }
        return ("its exclusions", known);
    }

    // The excluded time is cut where clocks are set and, for days, at midnight.
    private static Stretch Extend(ExcludedTimes alone, Stretch stretch)
    {
        for (var at = 0; at < MostStretches && stretch.Start > 0
            && alone.At(stretch.Start - 1) is { IsExcluded: true } before && before.Start < stretch.Start; at++)
            stretch = stretch with { Start = before.Start };
        for (var at = 0; at < MostStretches && stretch.End < DateTime.MaxValue.Ticks
            && alone.At(stretch.End) is { IsExcluded: true } after && after.End > stretch.End; at++)
            stretch = stretch with { End = after.End };
        return stretch;
    }

    private static string Name(Exclusion exclusion) => exclusion switch
    {
        { Hours: { } hours } => string.Create(
            CultureInfo.InvariantCulture,
            $"Exclusion.Times({hours.From:HH:mm:ss} to {hours.From.Add(hours.Length):HH:mm:ss})"),
        { Schedule: { } schedule } => $"Exclusion.Cron(\"{Printable.Escape(schedule.Expression)}\")",
        { Days: not null } => "Exclusion.Dates or Exclusion.Weekdays",
        _ => "its exclusions",
    };

    private static ExcludedTimes Alone(RecurringTaskOptions options, Exclusion exclusion)
    {
        var alone = options.Copy();
        alone.Exclusions.Clear();
        alone.Exclusions.Add(exclusion);
        return new(alone, []);
    }
}
