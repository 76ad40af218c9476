using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>
/// What the control groups of a process leave it of memory. Of the second version of control groups, or of the first.
/// </summary>
/// <param name="Limit">The least limit of its group and of those above it; 0 when there is none.</param>
/// <param name="Room">How much the process may still take before one of them is full.</param>
internal sealed record ControlGroup(long Limit, long Room)
{
    public static readonly ControlGroup None = new(0, long.MaxValue);

    /// <param name="membership">The lines of <c>/proc/PID/cgroup</c>.</param>
    /// <param name="root">Where the groups are, <c>/sys/fs/cgroup</c>.</param>
    /// <param name="machine">All memory there is. "No limit" is the word max, or a number beyond it.</param>
    public static ControlGroup Of(IEnumerable<string> membership, string root, long machine)
    {
        foreach (var line in membership)
        {
            var found = line.Split(':', 3) switch
            {
                ["0", "", var path] => Walk(root, path, "memory.max", "memory.current", machine),
                [_, var kinds, var path] when kinds.Split(',').Contains("memory") =>
                    Walk(Path.Combine(root, "memory"), path, "memory.limit_in_bytes", "memory.usage_in_bytes", machine),
                _ => None,
            };
            if (found.Limit > 0)
                return found;
        }

        return None;
    }

    /// <summary>
    /// From the group up: a limit binds all below it. Within a container the path may be that of the host, which is not to
    /// be seen; its own group is then the root.
    /// </summary>
    private static ControlGroup Walk(string root, string path, string limitFile, string usedFile, long machine)
    {
        var (least, room) = None;
        for (var group = path.Trim('/'); ; group = Path.GetDirectoryName(group) ?? "")
        {
            var folder = Path.Combine(root, group);
            if (Number(Path.Combine(folder, limitFile)) is { } limit && limit < machine)
            {
                least = least == 0 ? limit : Math.Min(least, limit);
                room = Math.Min(room, Math.Max(0, limit - (Number(Path.Combine(folder, usedFile)) ?? 0)));
            }

            if (group.Length == 0)
                return new ControlGroup(least, room);
        }
    }

    private static long? Number(string file) =>
        long.TryParse(ProcessMemory.Lines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var value) ? value : null;
}
