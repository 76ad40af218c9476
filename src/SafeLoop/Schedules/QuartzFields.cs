using System.Globalization;

namespace SafeLoop;

/// <summary>Converts Quartz fields to Cronos fields: without the year, with days of the week counted from 0.</summary>
internal static class QuartzFields
{
    private const int Week = 7;

    private static readonly CronField Weekday = new("day of week", 1, Week, CronField.DayOfWeek.Names);

    internal static IEnumerable<CronField> InOrder => [.. CronField.InOrder(6)[..^1], Weekday];

    /// <summary>
    /// Converts the fields. An invalid day of week becomes invalid text, so that Cronos rejects it too.
    /// </summary>
    internal static string[] ToCronos(string[] fields) => [.. fields[..5], Weekdays(fields[5])];

    private static string Weekdays(string field)
    {
        if (field.Equals("L", StringComparison.OrdinalIgnoreCase))
            return "6"; // the last day of a week that begins on Sunday
        if (CronFieldReader.Mistake(Weekday, field) is not null)
            return "!"; // Cronos might read the original text as other days
        if (field is "*" or "?")
            return field;
        if (field.IndexOf('#', StringComparison.Ordinal) is var hash and > 0)
            return $"{Value(field[..hash])}{field[hash..]}";
        if (field[^1] is 'L' or 'l')
            return $"{Value(field[..^1])}L";
        return string.Join(',', field.Split(',').SelectMany(Days).Distinct().Order());
    }

    private static IEnumerable<int> Days(string part)
    {
        var (values, step) = part.Split('/') is [var range, var by]
            ? (range, int.Parse(by, CultureInfo.InvariantCulture))
            : (part, 0);
        var (first, last) = values switch
        {
            "*" or "?" => (0, Week - 1),
            _ when values.Split('-') is [var from, var to] => (Value(from), Value(to)),
            _ => (Value(values), step > 0 ? Week - 1 : Value(values)), // a step continues to the end of the week
        };
        if (last < first)
            last += Week; // the range wraps around the week
        for (var day = first; day <= last; day += Math.Max(step, 1))
            yield return day % Week;
    }

    private static int Value(string text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number - 1
            : Array.FindIndex(Weekday.Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
}
