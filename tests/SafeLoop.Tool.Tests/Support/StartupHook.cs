using System.Globalization;
using System.Runtime.InteropServices;

/// <summary>
/// Runs within the tool before its first instruction (DOTNET_STARTUP_HOOKS). It sends the tool a signal when it loads a certain
/// assembly, which is the same moment on every machine. The runtime finds the class by its name and requires no namespace.
/// </summary>
internal static partial class StartupHook
{
    public const string Signal = "TEST_SIGNAL", At = "TEST_SIGNAL_AT", Seen = "TEST_SIGNAL_SEEN", Ends = "TEST_SIGNAL_ENDS";

    public static void Initialize()
    {
        var (signal, at, seen) = (int.Parse(Variable(Signal), CultureInfo.InvariantCulture), Variable(At), Variable(Seen));
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) =>
        {
            if (loaded.LoadedAssembly.GetName().Name != at)
                return;
            File.AppendAllText(seen, at);
            Marshal.ThrowExceptionForHR(Kill(Environment.ProcessId, signal));
            if (Environment.GetEnvironmentVariable(Ends) is not null)
                new ManualResetEventSlim().Wait(); // the tool must not continue before the signal ends it
        };
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name)!;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
