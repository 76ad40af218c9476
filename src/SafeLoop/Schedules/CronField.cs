namespace SafeLoop;

/// <summary>The name and the valid values of a field of a cron expression.</summary>
internal sealed class CronField(string name, int first, int last, string[]? names = null)
{
    internal const int DateFields = 3;

    internal static readonly CronField DayOfMonth = new("day of month", 1, 31);
    internal static readonly CronField DayOfWeek = new("day of week", 0, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]);

    private static readonly CronField[] WithSeconds =
    [
        new("second", 0, 59),
        new("minute", 0, 59),
        new("hour", 0, 23),
        DayOfMonth,
        new("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
        DayOfWeek,
    ];

    internal string Name => name;

    internal int First => first;

    internal int Last => last;

    internal string[] Names => names ?? [];

    /// <summary>True for the day-of-week field of any dialect.</summary>
    internal bool IsDayOfWeek => name == DayOfWeek.Name;

    /// <summary>The fields of an expression with five or six fields.</summary>
    internal static CronField[] InOrder(int count) => WithSeconds[^count..];

    /// <summary>The valid values, in words.</summary>
    internal string Accepts =>
        $"a number from {first} to {last}" + (names is null ? "" : $" or a name from {names[0]} to {names[^1]}");
}
