using System.Text.RegularExpressions;

namespace SafeLoop.Tests.House;

/// <summary>
/// Markdown wraps at 120 columns, so that a diff shows the sentence that changed. Tables, code and URLs cannot wrap.
/// </summary>
public sealed partial class ColumnTests
{
    private const int Columns = 120;

    private static readonly string Root = Path.GetFullPath(Path.Combine(CoreSource.Root, "..", ".."));

    [Fact]
    public void No_line_of_a_page_is_longer_than_120_columns()
    {
        var pages = Pages().ToArray();
        var found = pages.SelectMany(page => LongLines(File.ReadAllText(page)).Select(line =>
            $"{Path.GetRelativePath(Root, page)}:{line.Number}: {line.Columns} columns. Wrap the line at {Columns}."));

        Assert.Contains(Path.Combine(Root, "README.md"), pages);
        Assert.True(!found.Any(), string.Join('\n', found));
    }

    [Fact]
    public void Only_prose_is_measured()
    {
        var words = string.Concat(Enumerable.Repeat("word ", 30));
        var url = $"https://example.com/{new string('x', 120)}";

        Assert.Equal([(1, 150)], LongLines(words));
        Assert.Equal([(3, 152)], LongLines($"short\n\n- {words}\n"));
        Assert.Equal([(4, 150)], LongLines($"```text\n{words}\n```\n{words}"));
        Assert.Empty(LongLines($"| {words} |\n    {words}\n"));
        Assert.Empty(LongLines($"[page]({url})\n{url}\n"));
        Assert.Empty(LongLines(new string('a', Columns)));
    }

    private static IEnumerable<(int Number, int Columns)> LongLines(string text)
    {
        var isFenced = false;
        foreach (var (number, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            isFenced ^= isFence;
            var isProse = !isFenced && !isFence && line is not ['|', ..] && !line.StartsWith("    ", StringComparison.Ordinal);
            if (isProse && Url().Replace(line, "").Length > Columns)
                yield return (number + 1, line.Length);
        }
    }

    private static IEnumerable<string> Pages() => Directory.EnumerateFiles(Root, "*.md", SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(Root, path).Split(Path.DirectorySeparatorChar).Any(IsOutput))
        .Order(StringComparer.Ordinal);

    // What .gitignore leaves out, and folders of other programs.
    private static bool IsOutput(string part) =>
        part is ['.', ..] or "bin" or "obj" or "artifacts" or "TestResults" or "BenchmarkDotNet.Artifacts" or "node_modules";

    [GeneratedRegex(@"(?<=\]\()[^)\s]+|https?://\S+")]
    private static partial Regex Url();
}
