using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests;

/// <summary>
/// Each rule has its page, whose wrong code is reported and whose right code is not; the table
/// in the README is made from the rules.
/// </summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Ids => [.. All().Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_wrong_code_of_a_page_is_reported_and_the_right_code_is_not(string id)
    {
        var page = Repository.Read($"docs/rules/{id}.md");
        var rule = All().Single(rule => rule.Id == id);

        Assert.StartsWith($"# {id}: {rule.Title}\n", page, StringComparison.Ordinal);
        Assert.Equal($"{RepositoryUrl()}/blob/main/docs/rules/{id}.md", rule.HelpLinkUri);
        Assert.Equal(["Why", "Wrong", "Right", "When to suppress"],
            Heading().Matches(page).Select(match => match.Groups[1].Value));
        Assert.Contains(id, await ReportedInAsync(CodeUnder("Wrong", page)));
        Assert.Empty(await ReportedInAsync(CodeUnder("Right", page)));
    }

    [Fact]
    public void The_table_in_the_readme_is_made_from_the_rules()
    {
        var table = new StringBuilder("| rule | severity | reports |\n|---|---|---|\n");
        foreach (var rule in All())
            table.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"| [{rule.Id}](docs/rules/{rule.Id}.md) | {rule.DefaultSeverity} | {rule.Title} |\n");

        Assert.Contains($"<!-- rules: begin -->\n{table}<!-- rules: end -->", Repository.Read("README.md"),
            StringComparison.Ordinal);
    }

    private static string RepositoryUrl() =>
        XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("RepositoryUrl").Single().Value;

    private static IEnumerable<DiagnosticDescriptor> All() =>
        Support.Platform.Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics)
            .OrderBy(rule => rule.Id, StringComparer.Ordinal);

    private static string CodeUnder(string heading, string page) =>
        Regex.Match(page, $"^## {heading}\n\n```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)
            .Groups[1].Value;

    private static async Task<IEnumerable<string>> ReportedInAsync(string members)
    {
        var source = Code.WithMembers(members)
            .Replace("class Job", "class Job : Microsoft.Extensions.Hosting.BackgroundService", StringComparison.Ordinal)
            + "namespace Microsoft.Extensions.Hosting { "
            + "public class BackgroundService { "
            + "protected virtual Task ExecuteAsync(CancellationToken token) => Task.CompletedTask; } }";
        var compilation = CSharpCompilation.Create("Page", [CSharpSyntaxTree.ParseText(source)], Support.Platform.References,
            new(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error)
            .Select(found => found.ToString()));
        return (await Fixer.DiagnosticsAsync(compilation)).Select(found => found.Id);
    }

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
