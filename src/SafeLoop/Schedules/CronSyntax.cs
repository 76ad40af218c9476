using System.Diagnostics.CodeAnalysis;
using Cronos;

namespace SafeLoop;

/// <summary>
/// A parsed cron expression, or a sentence that explains why it is invalid. Cronos decides what is valid; <see
/// cref="CronFieldReader"/> only explains the mistake.
/// </summary>
internal sealed class CronSyntax
{
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

    private CronSyntax(string text, CronExpression[] expressions, bool isRhythm)
    {
        Text = text;
        Expressions = expressions;
        IsRhythm = isRhythm;
    }

    internal static IReadOnlyCollection<string> MacroNames => Macros.Keys;

    internal string Text { get; }

    /// <summary>The expressions; a time is due when one of them matches. They differ only in their days.</summary>
    internal CronExpression[] Expressions { get; }

    /// <summary>
    /// True when second, minute or hour has a wildcard, range or step: the task runs in a rhythm through the day, not at fixed
    /// times. (Cronos has the same flag, but does not expose it.)
    /// </summary>
    internal bool IsRhythm { get; }

    /// <summary>The reading of another scheduler; null when the dialect is stated or no difference is known.</summary>
    internal CronDoubt? Doubt { get; private init; }

    /// <summary>A sentence about a step that does not divide its range; null when there is none.</summary>
    internal string? Uneven { get; private init; }

    internal static bool TryRead(
        string text, CronDialect? dialect, [NotNullWhen(true)] out CronSyntax? syntax, [NotNullWhen(false)] out string? mistake)
    {
        (syntax, mistake) = Macros.TryGetValue(text.Trim(' ', '\t'), out var macro)
            ? (Read(text, Split(macro), CronDialect.Cronos), null)
            : Read(text, dialect);
        if (mistake is not null)
            mistake = $"Cron expression '{text}'{mistake}";
        return syntax is not null;
    }

    private static (CronSyntax? Syntax, string? Mistake) Read(string text, CronDialect? dialect)
    {
        var fields = Split(text);
        if (CronShape.Mistake(text, fields, dialect) is { } mistake)
            return (null, mistake);
        if (Read(text, dialect is CronDialect.Quartz ? QuartzFields.ToCronos(fields) : fields, dialect) is { } syntax)
            return (syntax, null);
        var found = MistakeInFields(fields, dialect) ?? $"it cannot be read. Write {CronShape.WhatToWrite}";
        return (null, DidYouMean.End($": {found}"));
    }

    private static CronSyntax? Read(string text, string[] fields, CronDialect? dialect)
    {
        var read = dialect is CronDialect.Crontab && CronDays.AreBothRestricted(fields)
            ? [Parse(CronDays.WithoutDaysOfWeek(fields)), Parse(CronDays.WithoutDaysOfMonth(fields))]
            : new[] { Parse(fields) };

        // Cronos treats a NUL as the end of the text.
        if (text.Contains('\0') || read.Any(expression => expression is null)) return null;

        var timeFields = fields.Take(fields.Length - CronField.DateFields);
        var isRhythm = timeFields.Any(field => field.AsSpan().ContainsAny("*?-/"));
        CronExpression[] expressions = [.. read.OfType<CronExpression>()];
        return new CronSyntax(text, expressions, isRhythm)
        {
            Doubt = dialect is null ? CronDoubt.Find(text, fields) : null,
            Uneven = UnevenStep.Find(text, fields, new(expressions)),
        };
    }

    /// <summary>The five or six fields as Cronos reads them; null when it cannot.</summary>
    internal static CronExpression? Parse(string[] fields)
    {
        var format = fields.Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;
        var text = string.Join(' ', CronLists.ToCronos(fields));
        return CronExpression.TryParse(text, format, out var expression) ? expression : null;
    }

    private static string? MistakeInFields(string[] fields, CronDialect? dialect)
    {
        var kinds = dialect is CronDialect.Quartz ? QuartzFields.InOrder : CronField.InOrder(fields.Length);
        return kinds.Zip(fields, CronFieldReader.Mistake).FirstOrDefault(mistake => mistake is not null);
    }

    private static string[] Split(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
