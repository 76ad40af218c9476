using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SafeLoop.Tests.Schedules;

/// <summary>
/// A program that reads a cron expression in given zones. .NET reads the zones once per process, so a test without zones needs
/// another process.
/// </summary>
internal sealed class CronProbe : IDisposable
{
    private const string Program = """
        foreach (var zone in args)
        {
            try
            {
                System.Console.WriteLine(SafeLoop.CronSchedule.Parse("0 3 * * *", zone).Zone);
            }
            catch (System.FormatException error)
            {
                System.Console.WriteLine(error.Message);
            }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("safeloop-zones-");

    public CronProbe()
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Append(typeof(CronSchedule).Assembly.Location)
            .Distinct().Select(path => MetadataReference.CreateFromFile(path));
        var result = CSharpCompilation.Create("probe", [CSharpSyntaxTree.ParseText(Program)], references)
            .Emit(Path.Combine(_folder.FullName, "probe.dll"));
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));
        foreach (var assembly in Directory.GetFiles(AppContext.BaseDirectory, "*.dll"))
            File.Copy(assembly, Path.Combine(_folder.FullName, Path.GetFileName(assembly)));
        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "SafeLoop.Tests.runtimeconfig.json"),
            Path.Combine(_folder.FullName, "probe.runtimeconfig.json"));
    }

    public async Task<string[]> RunAsync(string[] zones, (string Name, string Value) variable)
    {
        var start =
            new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in zones.Prepend(Path.Combine(_folder.FullName, "probe.dll")).Prepend("exec"))
            start.ArgumentList.Add(argument);
        start.Environment[variable.Name] = variable.Value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, await errors);
        return output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
