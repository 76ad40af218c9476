using System.Reflection.Metadata;

namespace SafeLoop.Tool;

/// <summary>Names of methods as they stand in the source: the compiler's own names are undone.</summary>
internal static class MethodNames
{
    public static string Of(MetadataReader metadata, MethodDefinitionHandle handle)
    {
        var method = metadata.GetMethodDefinition(handle);
        return TypeOf(metadata, method.GetDeclaringType()) + "." + Unmangle(metadata.GetString(method.Name));
    }

    /// <summary>The type as the source nests it; closures and caches the compiler made are left out.</summary>
    public static string TypeOf(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var parts = new Stack<string>();
        while (true)
        {
            var type = metadata.GetTypeDefinition(handle);
            var name = TypeNames.Plain(metadata.GetString(type.Name));
            if (!name.StartsWith('<'))
                parts.Push(name);
            if (type.GetDeclaringType().IsNil)
            {
                var space = metadata.GetString(type.Namespace);
                return (space.Length == 0 ? "" : space + ".") + string.Join('.', parts);
            }

            handle = type.GetDeclaringType();
        }
    }

    /// <summary>
    /// <c>&lt;Run&gt;b__0_1</c> is a lambda in Run, <c>&lt;Run&gt;g__Next|0_1</c> a local function,
    /// <c>&lt;Run&gt;d__5</c> its state machine.
    /// </summary>
    public static string Unmangle(string name)
    {
        var close = name.LastIndexOf('>');
        if (!name.StartsWith('<') || close < 0)
            return name;

        if (close == 1)
            return name + " (closure)"; // its name does not contain the method

        var outer = Unmangle(name[1..close]);
        var rest = name[(close + 1)..];
        if (rest.StartsWith("g__", StringComparison.Ordinal))
            return $"{outer}.{rest[3..].Split('|')[0]} (local function)";
        return rest.StartsWith("b__", StringComparison.Ordinal) ? $"{outer} (lambda)" : outer;
    }
}
