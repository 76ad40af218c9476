using System.Globalization;
using System.IO.Compression;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>The tool as it reaches its users: packed, installed from the packed file, run from there.</summary>
public sealed class PackageTests : IDisposable
{
    // With the drivers of databases it would be larger: they are in SafeLoop.Store.Tool.
    private const long MostBytes = 15_000_000;

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task It_packs_installs_and_runs_from_the_package()
    {
        var build = AppContext.BaseDirectory.Contains(Path.Combine("bin", "Release"), StringComparison.Ordinal)
            ? "Release"
            : "Debug";
        await DotnetAsync("pack", Path.Combine(Repository.Root, "src", "SafeLoop.Tool"), "-c", build, "--no-build", "-o",
            _directory.File("package"));
        var package = Assert.Single(Directory.GetFiles(_directory.File("package"), "*.nupkg"));
        var version = Path.GetFileNameWithoutExtension(package)["SafeLoop.Tool.".Length..];
        await File.WriteAllTextAsync(_directory.File("nuget.config"),
            """<configuration><packageSources><clear /></packageSources></configuration>""");

        await DotnetAsync(
            "tool", "install", "SafeLoop.Tool", "--version", version, "--tool-path", _directory.File("tools"),
            "--add-source", _directory.File("package"), "--configfile", _directory.File("nuget.config"));
        using var target = await Target.StartAsync("Release", "SelfAwait", 10_000);
        using var tool = RunningProgram.Start(_directory.File("tools/safeloop"),
            ["diagnose", target.Id.ToString(CultureInfo.InvariantCulture)]);
        var ended = await tool.EndAsync();

        Assert.Equal(ExitCode.Leak, ended.ExitCode);
        Assert.Contains("Line 11 awaits the same method", ended.Output);
        Directory.CreateDirectory(_directory.File("app"));
        await File.WriteAllTextAsync(_directory.File("app/App.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>
            """);
        await File.WriteAllTextAsync(_directory.File("app/Job.cs"),
            "using System.Threading.Tasks; class Job { async Task Repeat() { await Task.Delay(10); await Repeat(); } }");
        using var lint = RunningProgram.Start(_directory.File("tools/safeloop"), ["lint", _directory.File("app/App.csproj")]);
        var linted = await lint.EndAsync();

        Assert.Contains("Job.cs(1,93): warning SLP001", linted.Output);
        Assert.Contains("1 warnings, 0 hints, 0 problems", linted.Output);
        Assert.Equal(3, linted.ExitCode);

        using var next = RunningProgram.Start(_directory.File("tools/safeloop"),
            ["next", "--cron", "30 2 29 3 *", "--zone", "Europe/Berlin", "--count", "1"]);
        var planned = await next.EndAsync();
        Assert.Equal(0, planned.ExitCode);
        Assert.Contains("-03-29 0", planned.Output);

        Assert.InRange(new FileInfo(package).Length, 1, MostBytes);
        await using var content = await ZipFile.OpenReadAsync(package);
        Assert.Contains(content.Entries, entry => entry.FullName == "README.md");
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>With caches of its own: what an earlier run installed must not answer for this one.</summary>
    private async Task DotnetAsync(params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };
        if (arguments[0] == "tool")
            environment["NUGET_PACKAGES"] = _directory.File("cache");
        using var dotnet = RunningProgram.Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments,
            environment, _directory.Root);
        var ended = await dotnet.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
    }
}
