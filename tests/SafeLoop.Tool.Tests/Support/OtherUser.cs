using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SafeLoop.Tool.Tests.Support;

/// <summary>
/// A user other than root who runs the tool. The checkout and .NET may be in a home that is closed to others, so this user has
/// copies of both in a folder that is open to all.
/// </summary>
internal sealed class OtherUser : IDisposable
{
    private const string Id = "65534";
    private const string OpenToAll = "/tmp";

    private readonly string _home = Path.Combine(OpenToAll, "safeloop-user-" + Path.GetRandomFileName());

    public OtherUser()
    {
        var tool = Path.GetDirectoryName(SafeLoopTool.Assembly)!;
        foreach (var file in Directory.EnumerateFiles(tool).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
            Copy(file, Path.GetFileName(file));

        // The runtime of the tests: shared/Microsoft.NETCore.App/VERSION, below the root of .NET.
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        var root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        string[] folders = [runtime, .. Directory.GetDirectories(Path.Combine(root, "host", "fxr"))];
        foreach (var file in folders.SelectMany(Directory.EnumerateFiles).Append(Path.Combine(root, "dotnet")))
            Copy(file, Path.Combine("dotnet", Path.GetRelativePath(root, file)));
        Run("chown", "-R", Id, _home);
    }

    public RunningProgram Start(params string[] arguments) => RunningProgram.Start(
        "setpriv",
        [
            $"--reuid={Id}", $"--regid={Id}", "--clear-groups",
            Path.Combine(_home, "dotnet", "dotnet"), Path.Combine(_home, Path.GetFileName(SafeLoopTool.Assembly)), .. arguments,
        ],
        new Dictionary<string, string> { ["HOME"] = _home, ["DOTNET_ROOT"] = Path.Combine(_home, "dotnet") },
        _home);

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private void Copy(string file, string name)
    {
        var copy = Path.Combine(_home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(file, copy);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
