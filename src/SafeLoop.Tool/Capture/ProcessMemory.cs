using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>What the system says about a process's memory, and how much it has left before it is killed.</summary>
internal static class ProcessMemory
{
    /// <summary>0 when it cannot be told.</summary>
    public static long Resident(int id) => Kilobytes($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/status", "VmRSS:") * 1024;

    /// <summary>Room for more, in the machine and in the process's control group.</summary>
    public static long HeadRoom(int id)
    {
        var machine = Kilobytes("/proc/meminfo", "MemAvailable:") * 1024;
        var (limit, used) = GroupOf(id);
        return limit > 0 ? Math.Min(machine, Math.Max(0, limit - used)) : machine;
    }

    /// <summary>The limit of the process's control group; 0 when there is none.</summary>
    public static long GroupLimit(int id) => GroupOf(id).Limit;

    public static long Machine() => Kilobytes("/proc/meminfo", "MemTotal:") * 1024;

    /// <summary>Of the second version of control groups, or of the first. "No limit" is the word max, or a number beyond all memory.</summary>
    private static (long Limit, long Used) GroupOf(int id)
    {
        foreach (var line in Lines($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/cgroup"))
        {
            var parts = line.Split(':', 3);
            var (folder, limitFile, usedFile) = parts switch
            {
                ["0", "", var path] => ("/sys/fs/cgroup" + path, "memory.max", "memory.current"),
                [_, var kinds, var path] when kinds.Split(',').Contains("memory") => ("/sys/fs/cgroup/memory" + path, "memory.limit_in_bytes", "memory.usage_in_bytes"),
                _ => ("", "", ""),
            };
            if (folder.Length > 0 && Number(Path.Combine(folder, limitFile)) is { } limit && limit < Machine())
                return (limit, Number(Path.Combine(folder, usedFile)) ?? 0);
        }

        return (0, 0);
    }

    private static long Kilobytes(string file, string key)
    {
        var line = Lines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is not null && long.TryParse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var value) ? value : 0;
    }

    private static long? Number(string file) => long.TryParse(Lines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string[] Lines(string file)
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
