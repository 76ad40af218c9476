namespace SafeLoop.Tool;

/// <summary>A step on the path from a root to what an owner holds.</summary>
/// <param name="Type">The full name of the objects' type.</param>
/// <param name="Count">How many objects with this path there are.</param>
/// <param name="RetainedBytes">What they retain together; of objects that others hold, too, what is reached through them.</param>
/// <param name="IsOfTheUser">The type is not of the framework.</param>
internal sealed record OwnerStep(string Type, int Count, long RetainedBytes, bool IsOfTheUser)
{
    /// <summary>Of the framework without namespace and arguments, which are not needed to recognise a list.</summary>
    public string ShortName => IsOfTheUser ? Type : ShortNameOf(Type);

    public static string ShortNameOf(string type)
    {
        var parts = TypeNames.Plain(type).Split('.');
        return parts is [.., var outer, "_"] ? $"{outer}._" : parts[^1]; // Rx names all of its operators' sinks so
    }
}
