namespace SafeLoop;

/// <summary>The name a class gives its task.</summary>
internal static class TaskNames
{
    public static string Of(Type type)
    {
        var name = type.Name.Split('`')[0];
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
