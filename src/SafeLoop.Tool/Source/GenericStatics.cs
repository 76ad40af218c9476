using System.Reflection;
using System.Reflection.Metadata;

namespace SafeLoop.Tool;

/// <summary>
/// Names static fields of generic classes, of which the runtime lists only the values: the type of the value, with its
/// arguments, must fit the type of the field. It names those that one field alone fits, or two.
/// </summary>
internal sealed class GenericStatics
{
    private const int Most = 2;

    private readonly Dictionary<string, List<(string Field, TypePattern Pattern, int Module)>> _fields = [];

    /// <summary>Adds the fields of a class with parameters.</summary>
    public void Add(MetadataReader metadata, TypeDefinitionHandle type, int module)
    {
        foreach (var handle in metadata.GetTypeDefinition(type).GetFields())
        {
            var field = metadata.GetFieldDefinition(handle);
            if ((field.Attributes & (FieldAttributes.Static | FieldAttributes.Literal)) != FieldAttributes.Static)
                continue;

            var pattern = field.DecodeSignature(new TypePatterns(), null);
            if (!pattern.IsTelling)
                continue;
            if (!_fields.TryGetValue(pattern.Name, out var same))
                _fields[pattern.Name] = same = [];
            same.Add(($"{Name(metadata, type)}.{DeclaredTypes.Property(metadata.GetString(field.Name))}", pattern, module));
        }
    }

    /// <summary>Completes roots that have no name yet, in place.</summary>
    /// <param name="graph">The heap.</param>
    /// <param name="nameOf">The full name of a type, with enclosing types; null where it is not known.</param>
    public void Complete(HeapGraph graph, Func<int, string?> nameOf)
    {
        for (var i = 0; i < graph.Roots.Length; i++)
        {
            var root = graph.Roots[i];
            if (root is not { Kind: RootKind.StaticTable, Name: null })
                continue;

            var type = graph.TypeOf[root.Node];
            if (nameOf(type) is { } name && _fields.TryGetValue(name, out var candidates)
                && candidates.Where(field => Fits(field.Pattern, type)).Take(Most + 1).ToArray()
                    is { Length: > 0 and <= Most } fitting)
            {
                var names = string.Join(" or ", fitting.Select(field => field.Field));
                graph.Roots[i] = root with { Name = names, Module = fitting[0].Module };
            }
        }

        bool Fits(TypePattern pattern, int type)
        {
            if (pattern.Name == TypePattern.Any || type < 0)
                return true;
            var (plain, arguments) = (graph.Types[type].Name, graph.Types[type].Arguments);
            if (pattern.Name == FieldTypes.Array)
                return plain.EndsWith(']');
            return (nameOf(type) ?? plain) == pattern.Name
                && (arguments.Length != pattern.Arguments.Count
                    || arguments.Zip(pattern.Arguments).All(pair => Fits(pair.Second, pair.First)));
        }
    }

    /// <summary>With the names of its parameters.</summary>
    private static string Name(MetadataReader metadata, TypeDefinitionHandle type) =>
        $"{MethodNames.TypeOf(metadata, type)}<{string.Join(", ", metadata.GetTypeDefinition(type).GetGenericParameters()
            .Select(parameter => metadata.GetString(metadata.GetGenericParameter(parameter).Name)))}>";
}
