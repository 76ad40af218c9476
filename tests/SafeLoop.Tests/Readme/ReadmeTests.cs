using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SafeLoop.Tests.Readme;

public sealed partial class ReadmeTests
{
    private static readonly string Root = RootOf();
    private static readonly string Text = File.ReadAllText(Path.Combine(Root, "README.md"));

    [Fact]
    public void Every_snippet_is_compiled_word_for_word()
    {
        var compiled = Compiled().Matches(File.ReadAllText(Path.Combine(Root, "tests/SafeLoop.Tests/Readme/Snippets.cs")))
            .ToDictionary(match => match.Groups["name"].Value, match => Normal(match.Groups["code"].Value));
        var shown = Shown().Matches(Text).ToDictionary(match => match.Groups["name"].Value, match => Normal(match.Groups["code"].Value));

        Assert.Equal(compiled.Keys.Order(), shown.Keys.Order());
        Assert.All(shown, snippet => Assert.Equal(compiled[snippet.Key], snippet.Value));
    }

    [Fact]
    public void No_code_is_shown_that_is_not_compiled() =>
        Assert.Equal(Shown().Count(Text), Regex.Count(Text, "^```csharp", RegexOptions.Multiline));

    [Fact]
    public void Every_link_into_the_repository_leads_somewhere()
    {
        var links = Links().Matches(Text).Select(match => match.Groups["path"].Value).ToArray();

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Root, link)), $"README.md links to {link}, which does not exist."));
    }

    [Fact]
    public void The_two_commands_are_there()
    {
        Assert.Contains("dotnet run --project samples/DeviceInfo", Text, StringComparison.Ordinal);
        Assert.Contains("./test.sh", Text, StringComparison.Ordinal);
    }

    // Indentation is where the code stands, not what it says.
    private static string Normal(string code)
    {
        var lines = code.Trim('\n', '\r').Split('\n').Select(line => line.TrimEnd()).ToArray();
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line)).Trim();
    }

    private static string RootOf([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    [GeneratedRegex(@"// snippet: (?<name>\w+)\n(?<code>.*?)\n *// end", RegexOptions.Singleline)]
    private static partial Regex Compiled();

    [GeneratedRegex(@"<!-- snippet: (?<name>\w+) -->\n```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Shown();

    [GeneratedRegex(@"\]\((?<path>(?!http)[^)#]+)\)")]
    private static partial Regex Links();
}
