using System.Diagnostics;

namespace SafeLoop.Aot.Tests;

/// <summary>A program of the tests, published as native code into a directory that is gone when the test is.</summary>
/// <param name="project">The name of its project.</param>
internal sealed class NativeProgram(string project) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("safeloop-aot-").FullName;

    /// <summary>Publishes it. A linker that is missing, or any error, fails with what the build has written.</summary>
    /// <returns>What the build has written.</returns>
    public async Task<string> PublishAsync()
    {
        var build = AppContext.BaseDirectory.Contains(Path.Combine("bin", "Release"), StringComparison.Ordinal)
            ? "Release"
            : "Debug";
        var (exitCode, output) = await RunAsync(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            "publish", Path.Combine(FindRepository(), "tests", project), "-c", build, "--use-current-runtime", "-o",
            _directory);
        Assert.True(
            exitCode == 0, "The program could not be published. Native AOT needs clang or gcc, and the C library to link with "
                + $"(Debian: gcc libc6-dev).\n{output}");
        return output;
    }

    public Task<(int ExitCode, string Output)> RunAsync() => RunAsync(Path.Combine(_directory, project));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<(int ExitCode, string Output)> RunAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1" },
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SafeLoop.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException(
                "SafeLoop.sln was not found above the tests.");
        return folder;
    }
}
