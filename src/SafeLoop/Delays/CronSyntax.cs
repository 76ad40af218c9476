using System.Diagnostics.CodeAnalysis;
using Cronos;

namespace SafeLoop;

/// <summary>
/// A cron expression that was read, or the sentence that says why not. Cronos is the judge of what is valid;
/// <see cref="CronFieldReader"/> only explains its verdict.
/// </summary>
internal sealed class CronSyntax
{
    private const string WhatToWrite =
        "five fields (minute, hour, day of month, month, day of week), six with seconds first, or a macro such as @hourly";

    private static readonly Dictionary<string, string> Macros = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@every_second"] = "* * * * * *",
        ["@every_minute"] = "* * * * *",
        ["@hourly"] = "0 * * * *",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@weekly"] = "0 0 * * 0",
        ["@monthly"] = "0 0 1 * *",
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
    };

    private CronSyntax(string text, CronExpression expression, bool isRhythm)
    {
        Text = text;
        Expression = expression;
        IsRhythm = isRhythm;
    }

    internal string Text { get; }

    internal CronExpression Expression { get; }

    /// <summary>
    /// Second, minute or hour has a wildcard, range or step: the task runs in a rhythm through the day, not at fixed times.
    /// (Cronos keeps the same flag, but to itself.)
    /// </summary>
    internal bool IsRhythm { get; }

    internal static bool TryRead(
        string text, [NotNullWhen(true)] out CronSyntax? syntax, [NotNullWhen(false)] out string? mistake)
    {
        var fields = Split(Macros.GetValueOrDefault(text.Trim(' ', '\t'), text));
        mistake = MistakeInShape(fields);
        syntax = mistake is null ? Read(text, fields) : null;
        if (syntax is not null) return true;

        mistake = $"Cron expression '{text}'{mistake ?? MistakeInFields(fields)}";
        return false;
    }

    private static CronSyntax? Read(string text, string[] fields)
    {
        var format = fields.Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;

        // Cronos takes a NUL for the end of the text.
        if (text.Contains('\0') || !CronExpression.TryParse(string.Join(' ', fields), format, out var expression)) return null;

        var timeFields = fields.Take(fields.Length - CronField.DateFields);
        return new CronSyntax(text, expression, timeFields.Any(field => field.AsSpan().ContainsAny("*?-/")));
    }

    private static string? MistakeInShape(string[] fields)
    {
        if (fields.Length == 0) return $" is empty. Write {WhatToWrite}.";
        if (fields[0].StartsWith('@'))
            return $": '{fields[0]}' is not a macro{DidYouMean.Ask(fields[0], Macros.Keys)}. Write {WhatToWrite}.";

        if (fields.Length is 5 or 6) return null;
        return $" has {fields.Length} field{(fields.Length == 1 ? "" : "s")}. Write {WhatToWrite}.";
    }

    private static string MistakeInFields(string[] fields)
    {
        var mistakes = CronField.InOrder(fields.Length).Zip(fields, CronFieldReader.Mistake);
        return $": {mistakes.FirstOrDefault(mistake => mistake is not null) ?? $"it cannot be read. Write {WhatToWrite}"}.";
    }

    private static string[] Split(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
