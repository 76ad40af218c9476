using System.Text.Json;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>
/// <c>safeloop lint</c> as a process: what it finds decides how it ends. What the engine does is tested with the analyzers.
/// </summary>
public sealed class LintTests : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>
        """;
    private const string Repeating =
        "using System.Threading.Tasks; class Job { async Task Repeat() { await Task.Delay(10); await Repeat(); } }";
    private const string Retrying =
        "using System.Threading.Tasks; class Job { async Task Try() { try { await Task.Yield(); } catch { await Try(); } } }";

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task A_warning_ends_with_3()
    {
        await WriteAsync(Repeating);

        var ended = await SafeLoopTool.RunAsync("lint", _directory.File("App.csproj"));

        Assert.Contains("Job.cs(1,93): warning SLP001: 'Repeat' repeats itself by awaiting itself", ended.Output);
        Assert.EndsWith(" 1 warnings, 0 hints, 0 problems\n", ended.Output);
        Assert.Equal(3, ended.ExitCode);
    }

    [Fact]
    public async Task A_hint_ends_with_0()
    {
        await WriteAsync(Retrying);

        var ended = await SafeLoopTool.RunAsync("lint", _directory.Root);

        Assert.Contains("info SLP004", ended.Output);
        Assert.EndsWith(" 0 warnings, 1 hints, 0 problems\n", ended.Output);
        Assert.Equal(0, ended.ExitCode);
    }

    [Fact]
    public async Task A_project_that_does_not_load_ends_with_1()
    {
        await File.WriteAllTextAsync(_directory.File("App.csproj"), "<Project");

        var ended = await SafeLoopTool.RunAsync("lint", _directory.File("App.csproj"));

        Assert.Contains("problem: ", ended.Output);
        Assert.Equal(1, ended.ExitCode);
    }

    [Theory]
    [InlineData("Missing.sln", "There is no solution, project or folder at")]
    [InlineData("Job.cs", "is neither a solution")]
    public async Task A_wrong_path_ends_with_1_and_a_sentence(string path, string sentence)
    {
        await WriteAsync(Repeating);

        var ended = await SafeLoopTool.RunAsync("lint", _directory.File(path));

        Assert.Contains(sentence, Assert.Single(ended.Errors.TrimEnd().Split('\n')));
        Assert.Equal(1, ended.ExitCode);
    }

    [Theory]
    [InlineData("Required argument missing for command: 'lint'.", "lint")]
    [InlineData("there is no folder for it", "lint", ".", "--sarif", "nowhere/report.sarif")]
    public async Task A_wrong_command_line_ends_with_2(string sentence, params string[] arguments)
    {
        var ended = await SafeLoopTool.RunAsync(arguments);

        Assert.Contains(sentence, ended.Errors);
        Assert.Equal(2, ended.ExitCode);
    }

    [Fact]
    public async Task The_report_is_also_written_as_SARIF()
    {
        await WriteAsync(Repeating);
        var file = _directory.File("report.sarif");

        var ended = await SafeLoopTool.RunAsync("lint", _directory.Root, "--sarif", file);

        Assert.True(ended.ExitCode == 3, ended.Output + ended.Errors);
        var result = Assert.Single(JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("runs")[0]
            .GetProperty("results").EnumerateArray().ToList());
        Assert.Equal("SLP001", result.GetProperty("ruleId").GetString());
        Assert.Contains("warning SLP001", ended.Output);
    }

    public void Dispose() => _directory.Dispose();

    private async Task WriteAsync(string code)
    {
        await File.WriteAllTextAsync(_directory.File("App.csproj"), Project);
        await File.WriteAllTextAsync(_directory.File("Job.cs"), code);
    }
}
