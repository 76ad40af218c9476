using System.Globalization;

namespace DeviceInfo.Device;

/// <summary>Physical memory: from the kernel on Linux, else what the garbage collector knows of the machine.</summary>
internal sealed class MemoryReader(string source = "/proc/meminfo")
{
    public MemoryReading Read() => FromKernel() ?? FromCollector();

    private MemoryReading? FromKernel()
    {
        if (!File.Exists(source))
            return null;

        long? total = null, available = null;
        foreach (var line in File.ReadLines(source))
        {
            total ??= Bytes(line, "MemTotal:");
            available ??= Bytes(line, "MemAvailable:");
        }

        return total is { } bytes ? new MemoryReading(bytes, available) : null;
    }

    private static MemoryReading FromCollector()
    {
        var memory = GC.GetGCMemoryInfo();

        // The load is as of the last collection: unknown until there has been one.
        return new MemoryReading(
            memory.TotalAvailableMemoryBytes,
            memory.MemoryLoadBytes == 0 ? null : Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes));
    }

    // "MemTotal:       24684096 kB"
    private static long? Bytes(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal)
            ? 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
            : null;
}
