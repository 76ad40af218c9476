using System.IO.Compression;
using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Packaging;

/// <summary>What the installed package provides: the warning at build, and the fix from <c>dotnet format</c>.</summary>
public sealed class InstalledPackageTests : IDisposable
{
    private const string Before = """
        class Job
        {
            bool active = true;

            public async Task Repeat()
            {
                if (!active) return;
                try { await Task.Delay(10); } catch (Exception e) { Console.WriteLine(e); }
                await Repeat();
            }
        }

        """;

    private const string After = """
        class Job
        {
            bool active = true;

            public async Task Repeat()
            {
                while (active)
                {
                    try { await Task.Delay(10); } catch (Exception e) { Console.WriteLine(e); }
                }
            }
        }

        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("safeloop-package-");

    [Fact]
    public async Task A_fresh_project_is_warned_and_fixed()
    {
        var file = await PackAsync("src/SafeLoop");
        Create("SafeLoop", version: Path.GetFileNameWithoutExtension(file.Name)["SafeLoop.".Length..]);

        var build = await Dotnet.RunAsync(_directory.FullName, "build");
        Assert.Contains("Job.cs(9,15): warning SLP001: 'Repeat' repeats itself by awaiting itself", build,
            StringComparison.Ordinal);

        await Dotnet.RunAsync(_directory.FullName, "format", "analyzers", "--severity", "warn", "--no-restore");
        Assert.Equal(After, (await File.ReadAllTextAsync(Path.Combine(_directory.FullName, "Job.cs"))).ReplaceLineEndings("\n"));

        Assert.DoesNotContain("SLP001", await Dotnet.RunAsync(_directory.FullName, "build", "--no-restore"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src/SafeLoop")]
    [InlineData("src/SafeLoop.Analyzers.CodeFixes")]
    public async Task Both_packages_carry_both_assemblies(string project)
    {
        var file = await PackAsync(project);

        Assert.Equal(["SafeLoop.Analyzers.CodeFixes.dll", "SafeLoop.Analyzers.dll"], AnalyzersIn(file.FullName));
    }

    /// <summary>A host that has an older one of these loads neither rules nor fixes. It may have a newer one.</summary>
    [Fact]
    public void They_need_nothing_newer_than_the_oldest_host_has() => Assert.Equal(
        [
            "Microsoft.CodeAnalysis 4.8.0.0", "Microsoft.CodeAnalysis.CSharp 4.8.0.0",
            "Microsoft.CodeAnalysis.Workspaces 4.8.0.0",
            "SafeLoop.Analyzers", "System.Collections.Immutable 7.0.0.0", "netstandard 2.0.0.0",
        ],
        new[] { typeof(SelfReschedulingAnalyzer), typeof(LoopCodeFixProvider) }
            .SelectMany(type => type.Assembly.GetReferencedAssemblies())
            .Select(used => used.Name == "SafeLoop.Analyzers" ? used.Name : $"{used.Name} {used.Version}")
            .Distinct().Order(StringComparer.Ordinal));

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<FileInfo> PackAsync(string project)
    {
        await Dotnet.RunAsync(Repository.Root, "pack", project, "-c", Repository.Configuration, "-o", _directory.FullName);
        return Assert.Single(_directory.GetFiles("*.nupkg"));
    }

    /// <summary>
    /// With its own package folder, so that nothing of the test stays on the machine; what is there already may be used.
    /// </summary>
    private void Create(string package, string version)
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(_directory.FullName, "Job.cs"), Before);
        File.WriteAllText(Path.Combine(_directory.FullName, "Fresh.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestorePackagesPath>packages</RestorePackagesPath>
                <RestoreAdditionalProjectSources>{_directory.FullName}</RestoreAdditionalProjectSources>
                <RestoreAdditionalProjectFallbackFolders>{packages}</RestoreAdditionalProjectFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
    }

    private static IEnumerable<string> AnalyzersIn(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Where(entry => entry.FullName.StartsWith("analyzers/dotnet/cs/", StringComparison.Ordinal))
            .Select(entry => entry.Name).Order(StringComparer.Ordinal)];
    }
}
