using System.Text.Json;
using Microsoft.CodeAnalysis;
using SafeLoop.Analyzers.Tests.Support;
using SafeLoop.Lint;

namespace SafeLoop.Analyzers.Tests.Lint;

/// <summary>The rules over code that has no reference to them.</summary>
public sealed class LinterTests : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
        </Project>
        """;
    private const string Repeating =
        "class Job\n{\n    async Task Repeat()\n    {\n        await Task.Delay(10);\n        await Repeat();\n    }\n}\n";
    private const string Retrying = "class Job { async Task Try() { try { await Task.Yield(); } catch { await Try(); } } }";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("safeloop-lint-");

    [Theory]
    [InlineData("App.csproj")]
    [InlineData("")]
    public async Task A_project_or_its_folder(string path)
    {
        Write("App.csproj", Project);
        Write("Sub/Job.cs", Repeating);
        await Dotnet.RunAsync(_folder.FullName, "restore");

        var report = await LintAsync(path);

        Assert.Empty(report.Problems);
        Assert.Equal(("SLP001", DiagnosticSeverity.Warning, "Sub/Job.cs", 6, 15), Described(Assert.Single(report.Findings)));
        Assert.Equal(3, report.ExitCode);
    }

    [Fact]
    public async Task What_a_project_refers_to_is_looked_at_built_or_not()
    {
        Write("Library/Library.csproj", Project);
        Write("Library/Job.cs", Repeating);
        Write("App/App.csproj", Project.Replace("</Project>", "<ItemGroup><ProjectReference "
            + "Include=\"../Library/Library.csproj\" /></ItemGroup></Project>", StringComparison.Ordinal));
        Write("App/App.cs", "class App;");
        Assert.Equal("../Library/Job.cs", Assert.Single((await LintAsync("App/App.csproj")).Findings).File);

        await Dotnet.RunAsync(_folder.FullName, "build", "App/App.csproj");

        Assert.Equal("../Library/Job.cs", Assert.Single((await LintAsync("App/App.csproj")).Findings).File);
    }

    [Fact]
    public async Task What_is_suppressed_in_place_or_by_an_editorconfig_is_not_reported()
    {
        Write("App.csproj", Project);
        Write("Job.cs", "#pragma warning disable SLP001\n" + Repeating);
        Write("Sub/Other.cs", Repeating.Replace("Job", "Other", StringComparison.Ordinal));
        Write("Sub/.editorconfig", "[*.cs]\ndotnet_diagnostic.SLP001.severity = none\n");

        var report = await LintAsync("App.csproj");

        Assert.Empty(report.Findings);
        Assert.Equal(0, report.ExitCode);
    }

    [Fact]
    public async Task A_folder_without_projects()
    {
        Write("Job.cs", "using System.Threading.Tasks;\n" + Repeating);
        Write("obj/Skipped.cs", "using System.Threading.Tasks;\n" + Repeating.Replace("Job", "Other", StringComparison.Ordinal));

        var report = await LintAsync("");

        Assert.Equal(("SLP001", DiagnosticSeverity.Warning, "Job.cs", 7, 15), Described(Assert.Single(report.Findings)));
        Assert.Equal(1, report.Files);
    }

    [Fact]
    public async Task Hints_alone_do_not_fail()
    {
        Write("Job.cs", "using System.Threading.Tasks;\n" + Retrying);

        var report = await LintAsync("");

        Assert.Equal("SLP004", Assert.Single(report.Findings).Rule);
        Assert.Equal(0, report.ExitCode);
    }

    [Fact]
    public async Task A_folder_without_code_is_no_good_news()
    {
        var report = await LintAsync("");

        Assert.Contains("There is no C# code", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal(1, report.ExitCode);
    }

    [Theory]
    [InlineData("Broken.sln", "hello")]
    [InlineData("Broken.slnx", "<Solution><Project /></Solution>")]
    [InlineData("Broken.csproj", "<Project")]
    public async Task A_file_that_cannot_be_read_is_a_problem(string path, string text)
    {
        Write(path, text);

        var report = await LintAsync(path);

        Assert.Contains(path, Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal(1, report.ExitCode);
    }

    [Fact]
    public async Task Silence_about_a_part_is_no_good_news()
    {
        Write("Broken/Broken.csproj", "<Project");
        Write("Fine/Fine.csproj", Project);
        Write("Fine/Fine.cs", "class Fine;");

        var report = await LintAsync("");

        Assert.Single(report.Problems);
        Assert.Empty(report.Findings);
        Assert.NotEqual(0, report.Files);
        Assert.Equal(1, report.ExitCode);
    }

    [Fact]
    public async Task A_folder_that_links_to_itself_has_an_end()
    {
        Write("Job.cs", "using System.Threading.Tasks;\n" + Repeating);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "again"), _folder.FullName);

        Assert.Equal(1, (await LintAsync("")).Files);
    }

    [Fact]
    public async Task A_project_that_does_not_load_is_a_problem()
    {
        Write("App.csproj", "<Project Sdk=\"No.Such.Sdk\" />");

        var report = await LintAsync("App.csproj");

        Assert.NotEmpty(report.Problems);
        Assert.Equal(1, report.ExitCode);
    }

    [Fact]
    public async Task A_path_that_leads_nowhere_is_said_so()
    {
        var error = await Assert.ThrowsAsync<FileNotFoundException>(() => LintAsync("Missing.sln"));

        Assert.Contains("Missing.sln", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_kind_is_said_so()
    {
        Write("Job.cs", Repeating);

        var error = await Assert.ThrowsAsync<IOException>(() => LintAsync("Job.cs"));

        Assert.Contains("Job.cs' is neither a solution", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text()
    {
        using var output = new StringWriter { NewLine = "\n" };
        TextReport.Write(Sample, output);

        Assert.Equal("""
            A b.cs(3,7): warning SLP001: It repeats.
            C.cs(1,1): info SLP004: It retries.
            problem: D.csproj is broken.
            9 files, 1 warnings, 1 hints, 1 problems

            """, output.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Sarif()
    {
        using var output = new MemoryStream();
        Directory.CreateDirectory(Path.Combine(_folder.FullName, ".git"));
        SarifReport.Write(Sample with { Root = Path.Combine(_folder.FullName, "src") }, output);
        var run = JsonDocument.Parse(output.ToArray()).RootElement.GetProperty("runs")[0];
        var result = run.GetProperty("results")[0];
        var place = result.GetProperty("locations")[0].GetProperty("physicalLocation");

        Assert.Equal(["SLP001", "SLP002", "SLP003", "SLP004", "SLP005"], run.GetProperty("tool").GetProperty("driver")
            .GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetString()));
        Assert.Equal(["warning", "note"],
            run.GetProperty("results").EnumerateArray().Select(one => one.GetProperty("level").GetString()));
        Assert.Equal("It repeats.", result.GetProperty("message").GetProperty("text").GetString());
        Assert.Equal(("src/A%20b.cs", "SRCROOT"), (place.GetProperty("artifactLocation").GetProperty("uri").GetString(),
            place.GetProperty("artifactLocation").GetProperty("uriBaseId").GetString()));
        Assert.Equal(new Uri(_folder.FullName + "/").AbsoluteUri,
            run.GetProperty("originalUriBaseIds").GetProperty("SRCROOT").GetProperty("uri").GetString());
        Assert.All(run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray(), rule =>
        {
            Assert.NotEmpty(rule.GetProperty("fullDescription").GetProperty("text").GetString()!);
            Assert.Contains(rule.GetProperty("helpUri").GetString()!,
                rule.GetProperty("help").GetProperty("markdown").GetString()!, StringComparison.Ordinal);
            Assert.Contains(rule.GetProperty("defaultConfiguration").GetProperty("level").GetString(),
                new[] { "warning", "note" });
        });
        Assert.Matches(@"^\d+\.\d+\.\d+",
            run.GetProperty("tool").GetProperty("driver").GetProperty("semanticVersion").GetString());
        Assert.Equal((3, 7), (place.GetProperty("region").GetProperty("startLine").GetInt32(),
            place.GetProperty("region").GetProperty("startColumn").GetInt32()));
        Assert.False(run.GetProperty("invocations")[0].GetProperty("executionSuccessful").GetBoolean());
    }

    [Fact]
    public void Sarif_names_a_file_outside_of_the_repository_in_full()
    {
        using var output = new MemoryStream();
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "in", ".git"));
        SarifReport.Write(new([new("SLP001", DiagnosticSeverity.Warning, "It repeats.", "../Out.cs", 3, 7)], [], 1)
        {
            Root = Path.Combine(_folder.FullName, "in")
        }, output);
        var place = JsonDocument.Parse(output.ToArray()).RootElement.GetProperty("runs")[0].GetProperty("results")[0]
            .GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation");

        Assert.Equal(new Uri(Path.Combine(_folder.FullName, "Out.cs")).AbsoluteUri, place.GetProperty("uri").GetString());
        Assert.False(place.TryGetProperty("uriBaseId", out _));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static LintReport Sample { get; } = new(
        [new("SLP001", DiagnosticSeverity.Warning, "It repeats.", "A b.cs", 3, 7),
            new("SLP004", DiagnosticSeverity.Info, "It retries.", "C.cs", 1, 1)], ["D.csproj is broken."], 9);

    private Task<LintReport> LintAsync(string path) =>
        Linter.RunAsync(Path.Combine(_folder.FullName, path)).WaitAsync(TimeSpan.FromMinutes(8));

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static (string, DiagnosticSeverity, string, int, int) Described(Finding finding) =>
        (finding.Rule, finding.Severity, finding.File, finding.Line, finding.Column);
}
