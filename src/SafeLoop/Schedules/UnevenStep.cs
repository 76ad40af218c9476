using System.Globalization;

namespace SafeLoop;

/// <summary>
/// Detects a step that does not divide its range: <c>*/7</c> as minute is due at 56 and, 4 minutes later, at 0. Most authors
/// mean a constant period.
/// </summary>
/// <remarks>
/// There is no warning for a range such as <c>0-59/7</c>, a first value such as <c>5/7</c>, or a list, because they state the
/// values.
/// </remarks>
internal static class UnevenStep
{
    // Enough to reach the end of a range.
    private const int Occurrences = 100;

    private static readonly long Start = new DateTime(2000, 1, 1).Ticks;

    /// <summary>
    /// The checked fields: second, minute, hour and day of month. No fixed period matches months, and a week has few days.
    /// </summary>
    private static readonly (string Name, string At, TimeSpan Unit)[] Kinds =
    [
        ("second", "at seconds", TimeSpan.FromSeconds(1)),
        ("minute", "at minutes", TimeSpan.FromMinutes(1)),
        ("hour", "at hours", TimeSpan.FromHours(1)),
        ("day", "on days", TimeSpan.FromDays(1)),
    ];

    /// <summary>Returns a warning with both readings; null when no interval is shorter than the step.</summary>
    /// <param name="text">A valid expression.</param>
    /// <param name="fields">Its five or six fields.</param>
    /// <param name="schedule">The times of the expression.</param>
    internal static string? Find(string text, string[] fields, LocalSchedule schedule)
    {
        // Only the first field that is not a single number sets the distance between two times.
        var place = Array.FindIndex(fields, static field => !field.All(char.IsAsciiDigit));
        var kind = place < 0 ? Kinds.Length : place + 6 - fields.Length;
        if (kind >= Kinds.Length || StepOf(fields[place]) is not { } step)
            return null;

        var (name, at, unit) = Kinds[kind];
        var range = CronField.InOrder(6)[kind];
        int[] values = [.. Enumerable.Range(0, ((range.Last - range.First) / step) + 1).Select(n => range.First + (n * step))];
        if (values.Length == 1 || !HasShorter(schedule, step * unit))
            return null;

        var isAlone = fields[(place + 1)..].All(static field => field is "*" or "?");
        var others = isAlone ? "" : ", and exclude the other times with Except";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Cron expression '{text}' is due {at} {string.Join(',', values)}: after {values[^1]} comes {values[0]}, "
                + $"so it is not due every {step} {name}s. For that, call Every, or set Every to {step * unit:c}{others}. "
                + $"To keep these {name}s, write them instead of {fields[place]}.");
    }

    private static int? StepOf(string field) =>
        field is ['*' or '?', '/', .. var step] && int.TryParse(step, CultureInfo.InvariantCulture, out var number) && number > 1
            ? number
            : null;

    private static bool HasShorter(LocalSchedule schedule, TimeSpan period)
    {
        var last = schedule.AtOrAfter(Start);
        for (var n = 0; n < Occurrences && last != LocalSchedule.NoneAfter; n++)
        {
            var next = schedule.AtOrAfter(last + TimeSpan.TicksPerSecond);
            if (next - last < period.Ticks)
                return true;
            last = next;
        }
        return false;
    }
}
