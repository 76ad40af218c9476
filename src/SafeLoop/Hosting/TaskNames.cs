namespace SafeLoop;

/// <summary>
/// Derives a task's name from its class, and compares names with colons, which are nested configuration sections.
/// </summary>
internal static class TaskNames
{
    public static string FromClass(Type type)
    {
        var name = type.Name.Split('`')[0];
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>True when the name equals this path or continues it after a colon.</summary>
    public static bool IsAtOrBelow(string name, string path) =>
        name.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (name.Length == path.Length || name[path.Length] == ':');

    /// <summary>The beginning of the name, with at most as many parts as the path.</summary>
    public static string BeginningLike(string name, string path) =>
        string.Join(':', name.Split(':').Take(path.Split(':').Length));
}
