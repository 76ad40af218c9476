using System.Globalization;
using System.Runtime.CompilerServices;
using Options = SafeLoop.RecurringTaskOptions;

namespace SafeLoop;

/// <summary>Maps one option to a configuration setting: reads, writes and resets it.</summary>
/// <param name="Name">The name in configuration, such as <c>Lock:AtMostFor</c>.</param>
/// <param name="Get">Reads the option.</param>
/// <param name="TrySet">Parses a text and sets the option; false when the text has the wrong form.</param>
/// <param name="Reset">Sets the option to its default.</param>
/// <param name="Form">The valid form of a text, which completes the sentence "'x' is not …".</param>
internal sealed record Setting(
    string Name, Func<Options, object?> Get, Func<Options, string, bool> TrySet, Action<Options> Reset, string Form)
{
    private static readonly Options Defaults = new Options().Freeze();

    // Each format has a date that starts with the year. A missing date would be today's, on a clock that is not the loop's.
    private static readonly string[] Instants =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    private const DateTimeStyles InstantStyle = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite;

    // A bare number would be read as days. Any format but the exact one would read the hours of 48:00:00 as days too.
    public static Setting Time<T>(
        Func<Options, T> get, Action<Options, T> set, [CallerArgumentExpression(nameof(get))] string name = "") => Create(
        name,
        get,
        set,
        text => text.Contains(':') && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var value)
            ? value
            : null,
        "a duration such as 00:00:02.500 or 1.12:00:00");

    public static Setting Instant<T>(
        Func<Options, T> get, Action<Options, T> set, [CallerArgumentExpression(nameof(get))] string name = "") => Create(
        name,
        get,
        set,
        text => DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, InstantStyle, out var value)
            ? value
            : null,
        "an instant such as 2026-01-31T03:00:00Z");

    public static Setting Bool(
        Func<Options, bool> get, Action<Options, bool> set, [CallerArgumentExpression(nameof(get))] string name = "") =>
        Create(name, get, set, text => bool.TryParse(text, out var value) ? value : null, "true or false");

    public static Setting Whole<T>(
        Func<Options, T> get, Action<Options, T> set, [CallerArgumentExpression(nameof(get))] string name = "") => Create(
        name,
        get,
        set,
        text => int.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null,
        "a whole number");

    public static Setting Long<T>(
        Func<Options, T> get, Action<Options, T> set, [CallerArgumentExpression(nameof(get))] string name = "") => Create(
        name,
        get,
        set,
        text => long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null,
        "a whole number");

    public static Setting Number(
        Func<Options, double> get, Action<Options, double> set, [CallerArgumentExpression(nameof(get))] string name = "") =>
        Create(
        name,
        get,
        set,
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
        "a number such as 1.5");

    public static Setting Text(
        Func<Options, string?> get, Action<Options, string?> set, [CallerArgumentExpression(nameof(get))] string name = "") =>
        Create(name, get, set, text => text, "a text");

    public static Setting Named<TEnum>(
        Func<Options, TEnum> get, Action<Options, TEnum> set, [CallerArgumentExpression(nameof(get))] string name = "")
        where TEnum : struct, Enum => Named<TEnum, TEnum>(get, set, name);

    // Enum.TryParse alone would combine several names and accept numbers.
    public static Setting Named<TEnum, T>(
        Func<Options, T> get, Action<Options, T> set, [CallerArgumentExpression(nameof(get))] string name = "")
        where TEnum : struct, Enum
    {
        var names = Enum.GetNames<TEnum>();
        return Create(
            name,
            get,
            set,
            text => names.Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<TEnum>(text, ignoreCase: true) : null,
            $"one of {string.Join(", ", names)}");
    }

    // For a nullable option, T is nullable and the parsed value is not. A boxed value fits both.
    private static Setting Create<T>(
        string expression, Func<Options, T> get, Action<Options, T> set, Func<string, object?> parse, string form) => new(
        SettingName.From(expression),
        options => get(options),
        (options, text) =>
        {
            if (parse(text) is not { } value)
                return false;
            set(options, (T)value);
            return true;
        },
        options => set(options, get(Defaults)),
        form);
}
