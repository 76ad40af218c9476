using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Tests.House;

/// <summary>
/// A virtual member that another folder overrides, an interface that another folder implements, and a delegate in a field call
/// upwards where no arrow shows it. Each is named here with its reason.
/// </summary>
public class UpwardCallTests
{
    private static readonly Dictionary<string, string> Bases = new()
    {
        ["Alarm"] = "the pacemaker rings it",
        ["Delay"] = "each schedule answers when the next slot is",
        ["IKeyed"] = "a key, for code that does not know its type",
        ["IRunnerOwner"] = "a runner of keys is returned to its pool",
        ["IWakeable"] = "the watch of the wall clock wakes loops and keyed tasks",
        ["IWheelNodes"] = "the wheel links alarms wherever they lie",
        ["ITaskControl"] = "a handle passes its calls to the control of an ordinary task, of a keyed one, or of a key",
        ["TaskGroup"] = "a task has one loop, or one per key",
    };

    private static readonly Dictionary<string, string> Delegates = new();

    [Fact]
    public void Types_that_other_folders_extend_are_named_here()
    {
        var found = from file in CoreSource.Files
                    from node in file.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
                    let type = (INamedTypeSymbol)CoreSource.ModelOf(file).GetDeclaredSymbol(node)!
                    from above in (IEnumerable<INamedTypeSymbol?>)[type.BaseType, .. type.Interfaces]
                    where above is { DeclaredAccessibility: not Accessibility.Public }
                    where CoreSource.FoldersOf(above).Any(folder => folder != CoreSource.FolderOf(file))
                    select above.Name;

        Assert.Equal(Bases.Keys.Order(StringComparer.Ordinal), found.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Delegates_in_fields_are_named_here()
    {
        var found = from file in CoreSource.Files
                    where CoreSource.FolderOf(file) is not ("" or "Hosting")
                    let model = CoreSource.ModelOf(file)
                    from node in file.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
                    let type = (INamedTypeSymbol)model.GetDeclaredSymbol(node)!
                    from field in type.GetMembers().OfType<IFieldSymbol>()
                    where field is { IsStatic: false, Type: INamedTypeSymbol { TypeKind: TypeKind.Delegate } }
                    select $"{type.Name}.{field.AssociatedSymbol?.Name ?? field.Name}";

        Assert.Equal(Delegates.Keys.Order(StringComparer.Ordinal), found.Distinct().Order(StringComparer.Ordinal));
    }
}
