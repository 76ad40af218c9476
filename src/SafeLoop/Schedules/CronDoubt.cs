using Cronos;

namespace SafeLoop;

/// <summary>An expression without a stated dialect that another scheduler reads differently.</summary>
/// <param name="Sentence">Both readings, and how to state which is meant.</param>
/// <param name="Scheduler">The other scheduler.</param>
/// <param name="Other">The reading of the other scheduler; null when SafeLoop cannot express it.</param>
internal sealed record CronDoubt(string Sentence, string Scheduler, CronSyntax? Other)
{
    private static readonly DateTime ASunday = new(2000, 1, 2, 0, 0, 0, DateTimeKind.Utc);

    /// <param name="text">An expression that can be read.</param>
    /// <param name="fields">Its five or six fields.</param>
    internal static CronDoubt? Find(string text, string[] fields) =>
        CronDays.AreBothRestricted(fields) ? FindDaysDoubt(text)
        : fields.Length == 6 ? FindPlaceDoubt(text, fields) ?? FindWeekdayDoubt(text, fields)
        : null;

    private static CronDoubt? FindDaysDoubt(string text)
    {
        if (!CronSyntax.TryRead(text, CronDialect.Cronos, out var both, out _)
            || !CronSyntax.TryRead(text, CronDialect.Crontab, out var either, out _)
            || AreSameDays(new(both.Expressions), new(either.Expressions)))
            return null;
        return new(
            $"Cron expression '{text}' names days of the month and days of the week: it is due on days that match both. "
                + "In crontab and Kubernetes it is due on days that match either. "
                + "Say which is meant: CronDialect Cronos for both, Crontab for either.",
            "crontab",
            either);
    }

    private static CronDoubt? FindWeekdayDoubt(string text, string[] fields)
    {
        var field = CronDays.OfWeek(fields);
        if (!fields.Contains("?") || !CronSyntax.TryRead(text, CronDialect.Quartz, out var quartz, out _))
            return null;
        var (here, there) = (NamesOf(field), NamesOf(CronDays.OfWeek(QuartzFields.ToCronos(fields))));
        return here == there ? null : new(
            $"Cron expression '{text}' has weekday numbers beside a '?': {field} is read as {here}. "
                + $"In Quartz, where 1 is Sunday, it is {there}. Say which is meant: CronDialect Cronos or Quartz.",
            "Quartz",
            quartz);
    }

    private static CronDoubt? FindPlaceDoubt(string text, string[] fields)
    {
        var place = fields[2] == "?" ? "hour" : fields[4] == "?" ? "month" : null;
        return place is null ? null : new(
            $"Cron expression '{text}' has '?' as its {place}, which is read as '*'. In AWS EventBridge the first of six fields "
                + "is the minute and the last a year, here the first is the second. "
                + "Write five fields, or say that this is meant: CronDialect Cronos.",
            "AWS EventBridge",
            null);
    }

    // A day that matches both also matches either. The readings differ when one of the first days of "either" does not match
    // both.
    private static bool AreSameDays(LocalSchedule both, LocalSchedule either)
    {
        const int Days = 100;
        var at = either.AtOrAfter(ASunday.Ticks);
        for (var day = 0; day < Days && at != LocalSchedule.NoneAfter; day++)
        {
            if (both.AtOrAfter(at) != at)
                return false;
            at = either.AtOrAfter(at - (at % TimeSpan.TicksPerDay) + TimeSpan.TicksPerDay);
        }
        return true;
    }

    private static string NamesOf(string field)
    {
        var names = CronField.DayOfWeek.Names;
        if (field is [>= '0' and <= '7', '#' or 'L' or 'l', ..])
            return $"{names[(field[0] - '0') % 7]}{field[1..]}";
        return CronSyntax.Parse(["0", "0", "*", "*", field]) is { } days
            ? string.Join(", ", names.Where((_, day) => IsDueOn(days, ASunday.AddDays(day))))
            : field;
    }

    private static bool IsDueOn(CronExpression days, DateTime day) => days.GetNextOccurrence(day, inclusive: true) == day;
}
