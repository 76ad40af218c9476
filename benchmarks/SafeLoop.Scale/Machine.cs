using System.Globalization;
using System.Runtime.InteropServices;

namespace SafeLoop.Scale;

/// <summary>Where the figures come from.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        return string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores ({Processor()}), {memory:0} GB, {RuntimeInformation.FrameworkDescription}");
    }

    /// <summary>A sentence when others keep this machine busy; null when it is idle, or cannot report it.</summary>
    public static string? LoadWarning() => Load() is { } load && load > Environment.ProcessorCount
        ? string.Create(CultureInfo.InvariantCulture,
            $"This machine is busy (load {load:0.0} on {Environment.ProcessorCount} cores): bytes will be right, times will not.")
        : null;

    /// <summary>The most memory this process ever had, in bytes.</summary>
    public static long PeakOfThisProcess()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static double? Load() =>
        File.Exists("/proc/loadavg")
            && double.TryParse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture, out var load)
            ? load
            : null;

    private static string Processor()
    {
        if (!File.Exists("/proc/cpuinfo"))
            return RuntimeInformation.ProcessArchitecture.ToString();
        var model = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return model is null
            ? RuntimeInformation.ProcessArchitecture.ToString()
            : model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
