using Microsoft.CodeAnalysis;
using SafeLoop.Analyzers.Tests.Support;
using SafeLoop.Lint;

namespace SafeLoop.Analyzers.Tests.Lint;

/// <summary>Whatever stands on a disk.</summary>
public sealed class OddInputTests : IDisposable
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
        "using System.Threading.Tasks;\nclass Job { async Task Repeat() { await Task.Delay(10); await Repeat(); } }\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("safeloop-odd-");

    [Fact]
    public async Task Extensions_may_be_in_capitals()
    {
        Write("APP.CSPROJ", Project);
        Write("Job.cs", Repeating);

        var report = await LintAsync("APP.CSPROJ");

        Assert.Empty(report.Problems);
        Assert.Single(report.Findings);
    }

    [Fact]
    public async Task Files_that_are_hardly_code()
    {
        Write("Empty.cs", "");
        Write("Half.cs", "class Half { async Task Loop() { await Lo");
        File.WriteAllBytes(Path.Combine(_folder.FullName, "Bytes.cs"), [0xFF, 0x00, 0xC3, 0x28, 0x80, .. "class B {"u8]);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "Wide.cs"),
            [0xFF, 0xFE, .. System.Text.Encoding.Unicode.GetBytes(Repeating)]);
        Write("Directory.cs/Top.cs", "await System.Threading.Tasks.Task.Delay(1); return 3;");

        var report = await LintAsync("");

        Assert.Empty(report.Problems);
        Assert.Equal("Wide.cs", Assert.Single(report.Findings).File);
        Assert.Equal(5, report.Files);
    }

    [Fact]
    public async Task Suppressed_by_an_attribute_made_an_error_or_extended_by_an_editorconfig()
    {
        Write("App.csproj", Project);
        Write("Quiet.cs", "class Quiet { "
            + "[System.Diagnostics.CodeAnalysis.SuppressMessage(\"Reliability\", \"SLP001\")] async Task Repeat() { "
            + "await Task.Delay(10); await Repeat(); } }");
        Write("Loud/Loud.cs", "class Loud { async Task Repeat() { await Snooze(); await Task.Yield(); _ = Repeat(); } "
            + "Task Snooze() => Task.CompletedTask; }");
        Write("Loud/.editorconfig", "[*.cs]\ndotnet_diagnostic.SLP003.severity = error\n");
        Write("Own/Own.cs", "class Own { bool more; async Task<int> Try() { if (await Get() == 1) { await Snooze(); "
            + "return await Try(); } return 1; } Task<int> Get() => null; Task Snooze() => Task.CompletedTask; }");
        Write("Own/.editorconfig", "[*.cs]\nsafeloop_extra_delay_names = snooze\n");
        await Dotnet.RunAsync(_folder.FullName, "restore");

        var report = await LintAsync("App.csproj");

        Assert.Equal([("SLP003", DiagnosticSeverity.Error), ("SLP001", DiagnosticSeverity.Warning)],
            report.Findings.Select(finding => (finding.Rule, finding.Severity)));
        Assert.Equal(3, report.ExitCode);
    }

    [Fact]
    public async Task A_filter_of_a_solution()
    {
        Write("A/A.csproj", Project);
        Write("A/Job.cs", Repeating);
        Write("B/B.csproj", Project);
        Write("B/Other.cs", Repeating.Replace("Job", "Other", StringComparison.Ordinal));
        await Dotnet.RunAsync(_folder.FullName, "new", "sln", "--name", "All", "--format", "sln");
        await Dotnet.RunAsync(_folder.FullName, "sln", "All.sln", "add", "A/A.csproj", "B/B.csproj");
        Write("Some.slnf", "{ \"solution\": { \"path\": \"All.sln\", \"projects\": [ \"A/A.csproj\" ] } }");

        Assert.Equal("A/Job.cs", Assert.Single((await LintAsync("Some.slnf")).Findings).File);
        Assert.Equal(2, (await LintAsync("All.sln")).Findings.Count);
        Assert.Equal(2, (await LintAsync("")).Findings.Count);
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_is_a_problem_and_hides_no_other()
    {
        Write("Job.cs", Repeating);
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "Dangling.cs"), Path.Combine(_folder.FullName, "nowhere"));
        using var locked = new FileStream(Path.Combine(_folder.FullName, "Locked.cs"), FileMode.Create, FileAccess.ReadWrite,
            FileShare.None);

        var report = await LintAsync("");

        Assert.Single(report.Findings);
        Assert.Contains("Locked.cs", Assert.Single(report.Problems), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<LintReport> LintAsync(string path) =>
        Linter.RunAsync(Path.Combine(_folder.FullName, path)).WaitAsync(TimeSpan.FromMinutes(8));

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
