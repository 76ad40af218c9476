using System.Runtime.CompilerServices;

namespace SafeLoop.Tool.Tests.Support;

/// <summary>
/// .NET's diagnostics client finds no process whose TMPDIR holds a space; <c>ReachTests</c> shows what the tool then says. All other tests,
/// and the processes they start, go on in /tmp.
/// </summary>
internal static class TemporaryFolder
{
    [ModuleInitializer]
    internal static void Choose()
    {
        if (Path.GetTempPath().Contains(' ', StringComparison.Ordinal))
            Environment.SetEnvironmentVariable("TMPDIR", "/tmp");
    }
}
