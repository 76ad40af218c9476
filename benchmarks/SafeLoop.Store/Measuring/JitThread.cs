using System.Globalization;

namespace SafeLoop.Store.Measuring;

/// <summary>
/// The thread on which .NET compiles again what is called often. The code of EF Core is some ten thousand methods, and a store
/// that calls it once a second keeps this thread busy for minutes, once in the life of a process.
/// </summary>
internal static class JitThread
{
    private const string Threads = "/proc/self/task";
    private const int UserTime = 11, SystemTime = 12; // fields after the name, in ticks of 10 ms

    /// <summary>Its CPU so far; zero where the system does not say.</summary>
    public static TimeSpan ReadCpu()
    {
        if (!Directory.Exists(Threads))
            return TimeSpan.Zero;
        foreach (var thread in Directory.EnumerateDirectories(Threads))
        {
            if (!File.ReadAllText(Path.Combine(thread, "comm")).StartsWith(".NET Tiered Com", StringComparison.Ordinal))
                continue;
            var status = File.ReadAllText(Path.Combine(thread, "stat"));
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromMilliseconds(10 * (Parse(fields[UserTime]) + Parse(fields[SystemTime])));
        }
        return TimeSpan.Zero;
    }

    private static long Parse(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
