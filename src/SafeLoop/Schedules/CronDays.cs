namespace SafeLoop;

/// <summary>The two fields of an expression that name days: day of month and, always last, day of week.</summary>
internal static class CronDays
{
    private const int DayOfMonth = 3; // counted from the end

    internal static string OfMonth(string[] fields) => fields[^DayOfMonth];

    internal static string OfWeek(string[] fields) => fields[^1];

    /// <summary>Applies the rule of crontab: a field that begins with a wildcard restricts nothing, even with a step.</summary>
    internal static bool AreBothRestricted(string[] fields) => IsRestricted(OfMonth(fields)) && IsRestricted(OfWeek(fields));

    internal static string[] WithoutDaysOfWeek(string[] fields) => [.. fields[..^1], "*"];

    internal static string[] WithoutDaysOfMonth(string[] fields) =>
        [.. fields[..^DayOfMonth], "*", .. fields[^(DayOfMonth - 1)..]];

    private static bool IsRestricted(string field) => field[0] is not ('*' or '?');
}
