using System.Text.RegularExpressions;

namespace SafeLoop.Tests.Readme;

/// <summary>Finds named code in Markdown and in source, without its indentation.</summary>
internal static partial class MarkedText
{
    /// <summary>The C# blocks of a page; one without a marker above it has an empty name.</summary>
    public static IReadOnlyList<(string Name, string Code)> InMarkdown(string text) =>
        [.. Block().Matches(text).Select(match => (match.Groups["name"].Value, Unindented(match.Groups["code"].Value)))];

    /// <summary>What stands between <c>// snippet: name</c> and <c>// end</c>.</summary>
    public static IReadOnlyDictionary<string, string> InSource(string text) =>
        Region().Matches(text).ToDictionary(match => match.Groups["name"].Value, match => Unindented(match.Groups["code"].Value));

    /// <summary>The targets of links and pictures that are files of the repository.</summary>
    public static IReadOnlyList<string> FilesLinkedIn(string text) =>
        [.. Link().Matches(text).Select(match => match.Groups["target"].Value)
            .Where(target => target is not ['#', ..] && !target.Contains("://", StringComparison.Ordinal))];

    private static string Unindented(string code)
    {
        var lines = code.Split('\n');
        var margin = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length < margin ? "" : line[margin..].TrimEnd())).Trim('\n');
    }

    [GeneratedRegex(@"(<!-- snippet: (?<name>\w+) -->\n)?^```(csharp|cs|c#)\s*\n(?<code>.*?)^```",
        RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^[ ]*// snippet: (?<name>\w+)\n(?<code>.*?)^[ ]*// end$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Region();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)")]
    private static partial Regex Link();
}
