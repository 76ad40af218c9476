using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>Numbers of a rule with their units.</summary>
internal static class RuleNumbers
{
    private const double MostSeconds = 365 * 24 * 3600;

    private static readonly Dictionary<string, double> Units = new(StringComparer.Ordinal)
    {
        [""] = 1, ["%"] = 0.01,
        ["B"] = 1, ["KB"] = 1e3, ["MB"] = 1e6, ["GB"] = 1e9, ["KiB"] = 1024, ["MiB"] = 1024 * 1024, ["GiB"] = 1024 * 1024 * 1024,
    };

    private static readonly Dictionary<string, double> Seconds =
        new(StringComparer.Ordinal) { ["ms"] = 0.001, ["s"] = 1, ["m"] = 60, ["h"] = 3600 };

    /// <summary><c>500MiB</c>, <c>50%</c>, <c>0.5</c>.</summary>
    public static double Value(string rule, RuleToken token) =>
        Read(rule, token, Units, "a number: units are %, KB, MB, GB, KiB, MiB, GiB");

    /// <summary><c>30s</c>, <c>5m</c>.</summary>
    public static TimeSpan Duration(string rule, RuleToken token) =>
        Read(rule, token, Seconds, "a duration like 30s: units are ms, s, m, h") is var seconds and <= MostSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new RuleException(rule, token.At, $"'{token.Text}' is longer than a year.");

    private static double Read(string rule, RuleToken token, Dictionary<string, double> units, string what)
    {
        var digits = token.Text.TakeWhile(c => char.IsAsciiDigit(c) || c is '.').Count();
        return double.TryParse(token.Text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && units.TryGetValue(token.Text[digits..], out var unit)
            ? number * unit
            : throw new RuleException(rule, token.At, $"'{token.Text}' is not {what}.");
    }
}
