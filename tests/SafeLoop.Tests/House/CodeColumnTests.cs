using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SafeLoop.Tests.House;

/// <summary>
/// C# wraps at the limit of .editorconfig, so that two versions of a file fit beside each other on a screen. Exempt are a URL,
/// which is one word; the text of a raw string, whose line breaks belong to its value; and generated files.
/// </summary>
public sealed partial class CodeColumnTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(CoreSource.Root, "..", ".."));

    private static readonly int Columns = int.Parse(
        Limit().Match(File.ReadAllText(Path.Combine(Root, ".editorconfig"))).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [Fact]
    public void No_line_of_code_is_longer_than_the_limit_of_the_editor_configuration()
    {
        var files = Files().ToArray();
        var found = files.SelectMany(file => LongLines(File.ReadAllText(file)).Select(line =>
            $"{Path.GetRelativePath(Root, file)}:{line.Number}: {line.Columns} columns. Wrap the line at {Columns}."));

        Assert.Contains(Path.Combine(CoreSource.Root, "IRecurringTask.cs"), files);
        Assert.True(!found.Any(), string.Join('\n', found));
    }

    [Fact]
    public void Code_and_comments_are_measured()
    {
        var words = string.Concat(Enumerable.Repeat("word ", 30)).TrimEnd();

        Assert.Equal([(1, 152)], LongLines($"// {words}"));
        Assert.Equal([(2, 153)], LongLines($"int x;\n/// {words}"));
        Assert.Equal([(1, 163)], LongLines($"var text = \"{words}\";"));
        Assert.Equal([(3, 157)], LongLines($"_ = \"\"\"\nshort\n\"\"\"; // {words}"));
    }

    [Fact]
    public void A_url_and_the_text_of_a_raw_string_are_not_measured()
    {
        var words = string.Concat(Enumerable.Repeat("word ", 30)).TrimEnd();

        Assert.Empty(LongLines($"// https://example.com/{new string('x', Columns)}"));
        Assert.Empty(LongLines($"var text = \"\"\"\n{words}\n\"\"\";"));
        Assert.Empty(LongLines($"var text = $\"\"\"\n{words} {{1}}\n\"\"\";"));
        Assert.Empty(LongLines(new string('a', Columns)));
    }

    private static IEnumerable<(int Number, int Columns)> LongLines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        if (!lines.Any(IsLong))
            return [];

        var raw = RawLines(text.ReplaceLineEndings("\n"));
        return lines.Index().Where(line => IsLong(line.Item) && !raw.Contains(line.Index))
            .Select(line => (line.Index + 1, line.Item.Length));
    }

    private static bool IsLong(string line) => line.Length > Columns && Url().Replace(line, "").Length > Columns;

    // The lines between the quotes of raw strings, with their holes, counted from 0.
    private static HashSet<int> RawLines(string text)
    {
        var tree = CSharpSyntaxTree.ParseText(text);
        var lines = new HashSet<int>();
        foreach (var token in tree.GetRoot().DescendantTokens())
        {
            var span = tree.GetLineSpan(token.Span);
            var (first, last) = (span.StartLinePosition.Line, span.EndLinePosition.Line);
            if (token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken))
                lines.UnionWith(Enumerable.Range(first + 1, last - first - 1));
            else if (token.IsKind(SyntaxKind.InterpolatedStringTextToken)
                && token.Parent!.Parent!.GetFirstToken().IsKind(SyntaxKind.InterpolatedMultiLineRawStringStartToken))
                lines.UnionWith(Enumerable.Range(first, last - first + 1));
        }
        return lines;
    }

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
        .Where(path => !IsExempt(Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/')))
        .Order(StringComparer.Ordinal);

    private static bool IsExempt(string path) =>
        path.Split('/').Any(IsOutput) || path.EndsWith(".g.cs", StringComparison.Ordinal);

    // What .gitignore leaves out, and folders of other programs.
    private static bool IsOutput(string part) =>
        part is ['.', ..] or "bin" or "obj" or "artifacts" or "TestResults" or "BenchmarkDotNet.Artifacts";

    [GeneratedRegex(@"https?://[^\s""<>]+")]
    private static partial Regex Url();

    [GeneratedRegex(@"^max_line_length = (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Limit();
}
