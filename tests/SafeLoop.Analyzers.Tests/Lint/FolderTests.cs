using SafeLoop.Analyzers.Tests.Support;
using SafeLoop.Lint;

namespace SafeLoop.Analyzers.Tests.Lint;

/// <summary>A folder is compiled without a build: by project where there are projects, and apart where types collide.</summary>
public sealed class FolderTests : IDisposable
{
    private const string Repeating = "using System.Threading.Tasks;\n"
        + "class Program { static async Task Repeat() { await Task.Delay(10); await Repeat(); } static void Main() { } }\n";
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          {0}
        </Project>
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("safeloop-folder-");

    [Fact]
    public async Task Types_that_collide_hide_nothing()
    {
        Write("A/Program.cs", Repeating);
        Write("B/Program.cs", Repeating);
        Write("C/Program.cs", "await System.Threading.Tasks.Task.Delay(1); await Loop(); "
            + "async System.Threading.Tasks.Task Loop() { await System.Threading.Tasks.Task.Delay(1); await Loop(); }");
        Write("D/Program.cs", "await System.Threading.Tasks.Task.Delay(1); await Loop(); "
            + "async System.Threading.Tasks.Task Loop() { await System.Threading.Tasks.Task.Delay(1); await Loop(); }");

        var report = await LintAsync();

        Assert.Equal(["A/Program.cs", "B/Program.cs", "C/Program.cs", "D/Program.cs"],
            report.Findings.Select(finding => finding.File));
        Assert.Equal((4, 3), (report.Files, report.ExitCode));
    }

    [Fact]
    public async Task A_file_that_collides_still_sees_its_neighbours()
    {
        Write("A/Program.cs", Repeating);
        Write("B/Program.cs", "using System.Threading.Tasks;\n"
            + "class Program { static async Task Connect(Settings with) { await Task.Delay(10); await Connect(with); } }\n");
        Write("B/Settings.cs", "class Settings { }");

        Assert.Equal(2, (await LintAsync()).Findings.Count);
    }

    [Fact]
    public async Task Projects_see_each_other_and_their_own_names()
    {
        Write("Library/Library.csproj", string.Format(null, Project, ""));
        Write("Library/Base.cs", "namespace Lib; public class Settings { } "
            + "public class Program { public static async Task Loop(Settings with) { await Task.Delay(1); await Loop(with); } }");
        Write("App/App.csproj", string.Format(null, Project, "<ItemGroup><ProjectReference "
            + "Include=\"..\\Library\\Library.csproj\" /><Using Include=\"Lib\" /><Compile Include=\"..\\Shared.cs\" /><Compile "
            + "Remove=\"Old/**\" /></ItemGroup>"));
        Write("App/Program.cs", "class Program { async Task Loop(Settings with) { await Task.Delay(1); await Loop(with); } }");
        Write("App/Old/Old.cs", Repeating);
        Write("Shared.cs", "class Shared { static async Task Loop() { await Task.Delay(1); await Loop(); } }");

        var report = await LintAsync();

        Assert.Equal(["App/Program.cs", "Library/Base.cs", "Shared.cs"],
            report.Findings.Select(finding => finding.File).Distinct());
        Assert.Empty(report.Problems);
    }

    [Fact]
    public async Task Projects_for_windows_open_everywhere()
    {
        Write("App/App.csproj", string.Format(null, Project, "").Replace("net10.0", "net10.0-windows", StringComparison.Ordinal));
        Write("App/Job.cs", Repeating);

        var report = await Linter.RunAsync(Path.Combine(_folder.FullName, "App/App.csproj")).WaitAsync(TimeSpan.FromMinutes(8));

        Assert.DoesNotContain(report.Problems, problem => problem.Contains("NETSDK1100", StringComparison.Ordinal));
        Assert.Single(report.Findings);
    }

    [Fact]
    public async Task An_editorconfig_counts_in_a_folder_too()
    {
        Write("Quiet/Quiet.cs", Repeating);
        Write("Quiet/.editorconfig", "[*.cs]\ndotnet_diagnostic.SLP001.severity = none\n");
        Write("Loud/Loud.cs", "using System.Threading.Tasks; "
            + "class Loud { async Task Repeat() { await Snooze(); if (await Get() == 1) { await Repeat(); } } "
            + "Task Snooze() => null; Task<int> Get() => null; }");
        Write("Loud/.editorconfig", "[*.cs]\nsafeloop_extra_delay_names = snooze\ndotnet_diagnostic.SLP001.severity = error\n");

        var finding = Assert.Single((await LintAsync()).Findings);

        Assert.Equal(("Loud/Loud.cs", Microsoft.CodeAnalysis.DiagnosticSeverity.Error), (finding.File, finding.Severity));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<LintReport> LintAsync() => Linter.RunAsync(_folder.FullName).WaitAsync(TimeSpan.FromMinutes(8));

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
