using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace SafeLoop.Tool;

/// <summary>The classes and static fields of all modules of a program that can be read, in the order of their metadata.</summary>
internal sealed class DeclaredTypes
{
    private const int MostBases = 50;

    private readonly Dictionary<(int Module, int Token), string> _names = [];
    private readonly Dictionary<string, string?> _bases = [];
    private readonly HashSet<string> _interfaces = [];

    public List<StaticField> Fields { get; } = [];

    public GenericStatics OfGenericClasses { get; } = new();

    /// <summary>With its enclosing types; null where its module could not be read.</summary>
    public string? NameOf(HeapType type) => _names.GetValueOrDefault((type.Module, type.Token));

    /// <param name="modules">The modules.</param>
    /// <param name="processId">Of the process whose files they are; 0 when it is not known.</param>
    public static DeclaredTypes Read(IReadOnlyList<HeapModule> modules, int processId)
    {
        var types = new DeclaredTypes();
        for (var module = 0; module < modules.Count; module++)
        {
            using var file = ModuleFile.TryOpen(modules[module], processId);
            if (file is not null)
                types.Read(file.Metadata, module);
        }

        return types;
    }

    /// <summary>An object of the type may be the value of the field, as far as is known.</summary>
    public bool MayHold(StaticField field, HeapType value)
    {
        if (field.Type is not { } declared || _interfaces.Contains(declared))
            return true;
        if (value.Name.EndsWith(']') || declared == FieldTypes.Array)
            return (declared == FieldTypes.Array && value.Name.EndsWith(']')) || declared == "System.Array";
        if (!_names.TryGetValue((value.Module, value.Token), out var name))
            return true;

        for (var i = 0; i < MostBases && name is not null; i++)
        {
            if (name == declared)
                return true;
            if (!_bases.TryGetValue(name, out name))
                return true; // of a module that could not be read
        }

        return false;
    }

    private void Read(MetadataReader metadata, int module)
    {
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            var name = FieldTypes.NameOf(metadata, handle);
            _names[(module, MetadataTokens.GetToken(handle))] = name;
            _bases.TryAdd(name, FieldTypes.NameOf(metadata, type.BaseType));
            if (type.Attributes.HasFlag(TypeAttributes.Interface))
                _interfaces.Add(name);
            if (type.GetGenericParameters().Count == 0) // the runtime does not list the statics of generic classes
                Fields.AddRange(StaticsOf(metadata, handle, module));
            else
                OfGenericClasses.Add(metadata, handle, module);
        }
    }

    private static IEnumerable<StaticField> StaticsOf(MetadataReader metadata, TypeDefinitionHandle type, int module)
    {
        foreach (var handle in metadata.GetTypeDefinition(type).GetFields())
        {
            var field = metadata.GetFieldDefinition(handle);
            if ((field.Attributes & (FieldAttributes.Static | FieldAttributes.Literal)) != FieldAttributes.Static)
                continue;

            var value = field.DecodeSignature(new FieldTypes(), null);
            if (value == FieldTypes.NoObject)
                continue;
            var name = metadata.GetString(field.Name);
            yield return new StaticField(name, $"{MethodNames.TypeOf(metadata, type)}.{Property(name)}", module, value);
        }
    }

    /// <summary>The field behind a property is named after it.</summary>
    internal static string Property(string field) =>
        field.EndsWith(">k__BackingField", StringComparison.Ordinal) ? field[1..field.IndexOf('>')] : field;
}
