using System.CommandLine;
using System.Globalization;

namespace SafeLoop.Terminal;

/// <summary>Options that several verbs have.</summary>
internal static class VerbOptions
{
    public static Argument<string> Task() => new("task") { Description = "The name of the task; capitals do not matter." };

    public static Option<string?> Key() => new("--key") { Description = "A key of a keyed task.", HelpName = "KEY" };

    public static Option<string?> Zone() => new("--zone")
    {
        Description = "The time zone in which times are read and shown, such as Europe/Berlin. Else that of the task, or UTC.",
        HelpName = "ZONE",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of text." };

    public static Option<bool> Watch() => new("--watch") { Description = "Show it again and again, until Ctrl+C." };

    public static Option<int> Every() => Number("--interval", "Seconds between two times of --watch.", "SECONDS", 5, 1, 3_600);

    /// <summary>Says what is wrong in a sentence of its own: the parser's speaks of types.</summary>
    public static Option<int> Number(string name, string description, string unit, int usual, int least, int most)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            HelpName = unit,
            DefaultValueFactory = _ => usual,
        };
        option.CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most)
                return number;
            result.AddError($"{name} is '{Printable.Escape(text)}', but it must be a whole number from {least} to {most}.");
            return usual;
        };
        return option;
    }

    /// <summary>An option with one of the names of an enumeration.</summary>
    public static Option<T?> Name<T>(string name, string description)
        where T : struct, Enum
    {
        var option = new Option<T?>(name) { Description = description, HelpName = "NAME" };
        option.CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]))
                return value;
            result.AddError(
                $"{name} is '{Printable.Escape(text)}', but it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
            return null;
        };
        return option;
    }

    /// <summary>A period such as 00:05:00.</summary>
    public static Option<TimeSpan?> Period(string name, string description)
    {
        var option = new Option<TimeSpan?>(name) { Description = description, HelpName = "PERIOD" };
        option.CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (TimeSpan.TryParseExact(text, ["c", "g", "G"], CultureInfo.InvariantCulture, out var period)
                && period >= TimeSpan.FromMilliseconds(1) && period <= TimeSpan.FromDays(3_650))
                return period;
            result.AddError($"{name} is '{Printable.Escape(text)}', but it must be a period from 1 ms to 3650 days, such as "
                + "00:05:00 or 1.00:00:00.");
            return null;
        };
        return option;
    }
}
