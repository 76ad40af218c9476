using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Tests.House;

/// <summary>Types that reach each other can only be understood together, so the circles stay small.</summary>
public class CircleTests
{
    // The largest is the loop of a key with its runner and their pool. A number here may fall, and must not rise.
    private const int MostTypes = 5;

    [Fact]
    public void No_circle_of_types_is_larger_than_the_largest_was()
    {
        var circles = FindCircles(References());

        Assert.True(circles[0].Count <= MostTypes,
            $"A circle has {circles[0].Count} types: {string.Join(", ", circles[0].Order())}");
        Assert.True(circles[0].Count == MostTypes,
            $"The largest circle has {circles[0].Count} types now. Lower {nameof(MostTypes)}.");
    }

    private static Dictionary<string, HashSet<string>> References()
    {
        var references = new Dictionary<string, HashSet<string>>();
        foreach (var file in CoreSource.Files)
        {
            var model = CoreSource.ModelOf(file);
            foreach (var type in file.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
            {
                if (Outermost(model.GetDeclaredSymbol(type)) is not { } from)
                    continue;
                var to = references.TryGetValue(from, out var known) ? known : references[from] = [];
                foreach (var name in type.DescendantNodes().OfType<SimpleNameSyntax>())
                {
                    var symbol = model.GetSymbolInfo(name).Symbol;
                    if (Outermost(symbol as INamedTypeSymbol ?? symbol?.ContainingType) is { } used && used != from)
                        to.Add(used);
                }
            }
        }
        return references;
    }

    private static string? Outermost(INamedTypeSymbol? type)
    {
        while (type?.ContainingType is { } outer)
            type = outer;
        return type?.OriginalDefinition is { } found
            && found.Locations.Any(place => place.IsInSource && place.SourceTree!.FilePath.Length > 0)
            ? found.MetadataName
            : null;
    }

    // Tarjan's algorithm: the strongly connected parts of the graph, the largest first.
    private static List<List<string>> FindCircles(Dictionary<string, HashSet<string>> references)
    {
        var (circles, path, order, low) = (new List<List<string>>(), new Stack<string>(), new Dictionary<string, int>(),
            new Dictionary<string, int>());
        foreach (var type in references.Keys)
        {
            if (!order.ContainsKey(type))
                Visit(type);
        }
        return [.. circles.OrderByDescending(circle => circle.Count)];

        void Visit(string type)
        {
            order[type] = low[type] = order.Count;
            path.Push(type);
            foreach (var used in references[type].Where(references.ContainsKey))
            {
                if (!order.ContainsKey(used))
                    Visit(used);
                if (path.Contains(used))
                    low[type] = Math.Min(low[type], low[used]);
            }
            if (low[type] != order[type])
                return;
            var circle = new List<string>();
            do
                circle.Add(path.Pop());
            while (circle[^1] != type);
            circles.Add(circle);
        }
    }
}
