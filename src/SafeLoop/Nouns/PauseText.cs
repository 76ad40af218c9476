using System.Globalization;
using System.Text.RegularExpressions;

namespace SafeLoop;

/// <summary>Writes a pause into the record of a slot that it skipped, and reads it from there.</summary>
/// <remarks>
/// The record is all that is left of a pause that has ended, so it carries who set it, when, why and until when.
/// </remarks>
internal static partial class PauseText
{
    private const int Longest = 1000;
    private const string Format = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    public static string Write(TaskPause pause)
    {
        var since = pause.Since == default ? "" : $" since {At(pause.Since)}";
        var until = pause.Until is { } end ? $" until {At(end)}" : "";
        var by = pause.By is { } name ? $" by '{name.Replace("'", "''", StringComparison.Ordinal)}'" : "";
        var text = $"Paused{since}{until}{by}: {pause.Reason}";
        return text.Length <= Longest ? text : text[..Longest];
    }

    /// <summary>Reads the text; null when it is not one of a pause.</summary>
    public static TaskPause? Read(string? text)
    {
        if (text is null || Pattern().Match(text) is not { Success: true } match)
            return null;
        return new()
        {
            Since = Instant(match.Groups["since"]) ?? default,
            Until = Instant(match.Groups["until"]),
            By = match.Groups["by"] is { Success: true } by ? by.Value.Replace("''", "'", StringComparison.Ordinal) : null,
            Reason = match.Groups["reason"].Value,
        };
    }

    private static string At(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture) + " UTC";

    private static DateTimeOffset? Instant(Group group) => group.Success && DateTimeOffset.TryParseExact(
        group.Value, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    [GeneratedRegex(
        @"^Paused( since (?<since>[-0-9:. ]+) UTC)?( until (?<until>[-0-9:. ]+) UTC)?( by '(?<by>([^']|'')*)')?: (?<reason>.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
