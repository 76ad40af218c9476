using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>What the system says about a process's memory, and how much it has left before it is killed.</summary>
internal static class ProcessMemory
{
    /// <summary>0 when it is not known.</summary>
    public static long Resident(int id) =>
        Kilobytes($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/status", "VmRSS:") * 1024;

    /// <summary>Room for more, in the machine and in the process's control group.</summary>
    public static long HeadRoom(int id) => Math.Min(Kilobytes("/proc/meminfo", "MemAvailable:") * 1024, GroupOf(id).Room);

    /// <summary>The limit of the process's control group; 0 when there is none.</summary>
    public static long GroupLimit(int id) => GroupOf(id).Limit;

    public static long Machine() => Kilobytes("/proc/meminfo", "MemTotal:") * 1024;

    private static ControlGroup GroupOf(int id) =>
        ControlGroup.Of(Lines($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/cgroup"), "/sys/fs/cgroup", Machine());

    private static long Kilobytes(string file, string key)
    {
        var line = Lines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is not null && long.TryParse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture, out var value)
            ? value
            : 0;
    }

    /// <summary>None when the file is not there or cannot be read.</summary>
    public static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // the process ended meanwhile, or hides it
        }
    }
}
