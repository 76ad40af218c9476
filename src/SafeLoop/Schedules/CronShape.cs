using System.Globalization;
using System.Text.RegularExpressions;

namespace SafeLoop;

/// <summary>Finds mistakes in an expression as a whole: the number of fields, or text that is not a cron expression.</summary>
internal static partial class CronShape
{
    internal const string WhatToWrite =
        "five fields (minute, hour, day of month, month, day of week), six with seconds first, or a macro such as @hourly";

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;
    private const string Years = "Bound the years with StartAt and EndAt";

    /// <summary>The rest of a sentence that begins with "Cron expression 'x'"; null when nothing is wrong.</summary>
    internal static string? Mistake(string text, string[] fields, CronDialect? dialect)
    {
        if (fields.Length == 0) return $" is empty. Write {WhatToWrite}.";
        if (Comment().Match(text) is { Success: true, Value: var comment })
            return $" has a comment, '{comment.Trim(' ', '\t')}'. Remove the comment.";
        if (NotCron(text.Trim(' ', '\t'), fields[0]) is { } other) return other;
        return dialect is CronDialect.Quartz ? QuartzMistake(fields)
            : fields.Length is 5 or 6 ? null
            : fields.Length == 7 && IsYear(fields[6]) ? $" has 7 fields. The last is a year in Quartz: leave it out. {Years}."
            : $" has {Count(fields)}. Write {WhatToWrite}.";
    }

    private static string? NotCron(string text, string first)
    {
        if (ZonePrefix().Match(first) is { Success: true } prefix)
        {
            var zone = prefix.Groups["zone"].Value;
            return $" begins with '{first}'. Remove it and name the zone beside the expression: "
                + $"Cron(expression, \"{zone}\"), CronSchedule.Parse(expression, \"{zone}\"), or the setting TimeZone.";
        }
        if (first.Equals("@every", StringComparison.OrdinalIgnoreCase))
        {
            var to = DurationIn(text[first.Length..]) is { } period ? $" to {period:c}" : "";
            return $" is an interval. Call Every, or set Every{to}.";
        }
        if (first.Equals("@reboot", StringComparison.OrdinalIgnoreCase))
            return ": '@reboot' is not a time. Call RunOnStart() beside a schedule, or set RunOnStart to true.";
        if (first.StartsWith('@'))
        {
            var meant = DidYouMean.Ask(first, CronSyntax.MacroNames);
            return DidYouMean.End($": '{first}' is not a macro{meant}") + $" Write {WhatToWrite}.";
        }
        if (text.StartsWith("rate(", StringComparison.OrdinalIgnoreCase))
            return " is an interval. Call Every, or set Every.";
        if (text.StartsWith("cron(", StringComparison.OrdinalIgnoreCase))
        {
            return " is written for AWS EventBridge. Write its fields alone, without the year at the end, "
                + "and days of the week by name, because its 1 is Sunday.";
        }
        return null;
    }

    private static string? QuartzMistake(string[] fields)
    {
        if (fields.Length is not (6 or 7))
            return $" has {Count(fields)}. In Quartz it has six, with seconds first, or seven with a year.";
        if (fields is [.., var year] && fields.Length == 7 && year is not ("*" or "?"))
            return $" has the year {year}, which is not supported. Leave it out. {Years}.";
        return (fields[3] == "?", fields[5] == "?") switch
        {
            (true, true) => ": in Quartz only one of day of month and day of week is '?'.",
            (false, false) => ": in Quartz one of day of month and day of week is '?'. If a day that matches either is meant, "
                + "as in Quartz 4, write days of the week by name and set CronDialect to Crontab.",
            _ => null,
        };
    }

    private static bool IsYear(string field) => !field.AsSpan().ContainsAnyExcept("0123456789*?,-/");

    private static string Count(string[] fields) => fields.Length == 1 ? "1 field" : $"{fields.Length} fields";

    /// <summary>Reads a duration in Go's format: 1h30m, 90s, 1.5h.</summary>
    private static TimeSpan? DurationIn(string text)
    {
        var match = Duration().Match(text);
        if (!match.Success) return null;

        var seconds = 0.0;
        foreach (var (number, unit) in match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures))
        {
            var factor = unit.Value switch { "h" => 3600, "m" => 60, "s" => 1, _ => 0.001 };
            seconds += double.Parse(number.Value, CultureInfo.InvariantCulture) * factor;
        }
        return seconds is > 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null;
    }

    // A field may hold a '#', as in MON#2, but does not begin with one.
    [GeneratedRegex("(^|[ \t])#.*$", RegexOptions.Singleline | Options)]
    private static partial Regex Comment();

    [GeneratedRegex("^(CRON_TZ|TZ)=(?<zone>.*)$", RegexOptions.IgnoreCase | Options)]
    private static partial Regex ZonePrefix();

    [GeneratedRegex(@"^\s*((?<number>[0-9]+(\.[0-9]+)?)(?<unit>ms|h|m|s))+\s*$", Options)]
    private static partial Regex Duration();
}
