using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Tests.House;

/// <summary>
/// Hosting → History → Keys → Tasks → Loops → Planning → Steps → Schedules, Locks, Ending, Observing → Timing → the
/// nouns at the root. Nothing points back up.
/// </summary>
public class ArrowTests
{
    private static readonly Dictionary<string, int> Floors = new()
    {
        ["Hosting"] = 9,
        ["History"] = 8,
        ["Persistence"] = 8,
        ["Keys"] = 7,
        ["Tasks"] = 6,
        ["Loops"] = 5,
        ["Planning"] = 4,
        ["Steps"] = 3,
        ["Schedules"] = 2,
        ["Locks"] = 2,
        ["Ending"] = 2,
        ["Observing"] = 2,
        ["Memory"] = 3,
        ["Storage"] = 1,
        ["Timing"] = 1,
        [""] = 0,
    };

    [Fact]
    public void The_rules_see_the_real_source()
    {
        // Generated code (log messages) is not in the tree, so its partial methods have no bodies; nothing else may be unbound.
        var errors = CoreSource.Compilation.GetDiagnostics()
            .Where(found => found.Severity is DiagnosticSeverity.Error && found.Id != "CS8795");

        Assert.Empty(errors.Select(error => error.ToString()));
        Assert.Contains(CoreSource.Files, file => CoreSource.NameOf(file) == Path.Combine("Loops", "LoopRunner.cs"));
    }

    [Fact]
    public void Every_folder_has_its_floor()
    {
        Assert.Empty(CoreSource.Files.Select(CoreSource.FolderOf).Distinct().Except(Floors.Keys));
    }

    [Fact]
    public void Arrows_between_folders_point_only_downwards()
    {
        var upwards = from file in CoreSource.Files
                      let folder = CoreSource.FolderOf(file)
                      from type in TypesUsedIn(file)
                      from used in CoreSource.FoldersOf(type)
                      where used != folder && Floors[used] >= Floors[folder]
                      select $"{CoreSource.NameOf(file)} → {used}/{type.Name}";

        Assert.Empty(upwards.Distinct().Order());
    }

    private static IEnumerable<INamedTypeSymbol> TypesUsedIn(SyntaxTree file)
    {
        var model = CoreSource.ModelOf(file);
        foreach (var name in file.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var symbol = model.GetSymbolInfo(name).Symbol;
            if ((symbol as INamedTypeSymbol ?? symbol?.ContainingType)?.OriginalDefinition is { } type
                && type.Locations.Any(place => place.IsInSource))
                yield return type;
        }
    }
}
