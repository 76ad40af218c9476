namespace SafeLoop;

/// <summary>
/// Rewrites a wildcard step within a list, which crontab, Kubernetes and Quartz accept and Cronos rejects: <c>*/5,59</c> as
/// minute becomes <c>0-59/5,59</c>.
/// </summary>
internal static class CronLists
{
    /// <summary>Rewrites five or six fields. Invalid fields stay invalid.</summary>
    internal static string[] ToCronos(string[] fields) => [.. CronField.InOrder(fields.Length).Zip(fields, Rewrite)];

    private static string Rewrite(CronField kind, string field) =>
        field.Split(',') is { Length: > 1 } parts ? string.Join(',', parts.Select(part => RewritePart(kind, part))) : field;

    private static string RewritePart(CronField kind, string part) =>
        part is ['*', .. ['/', ..] step] ? $"{kind.First}-{kind.Last}{step}" : part;
}
