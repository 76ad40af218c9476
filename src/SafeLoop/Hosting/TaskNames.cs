namespace SafeLoop;

/// <summary>Names of tasks: that of a class, and those with colons, which are sections inside sections.</summary>
internal static class TaskNames
{
    public static string Of(Type type)
    {
        var name = type.Name.Split('`')[0];
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>True when the name is this path, or goes on after it with a colon.</summary>
    public static bool IsAtOrBelow(string name, string path) =>
        name.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (name.Length == path.Length || name[path.Length] == ':');

    /// <summary>As much of the name as has no more parts than the path.</summary>
    public static string BeginningLike(string name, string path) =>
        string.Join(':', name.Split(':').Take(path.Split(':').Length));
}
