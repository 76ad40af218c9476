using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Lint;

/// <summary>
/// The files in which a rule could find something, by names alone: functions that mention themselves, each other in a
/// circle, or a timer, and background services. Only these are bound, which is most of the work: they are a small
/// part of most code.
/// </summary>
internal static class Suspects
{
    public static HashSet<SyntaxTree> In(IReadOnlyList<SyntaxTree> trees)
    {
        var members = new List<NamedCode>[trees.Count];
        Parallel.For(0, trees.Count, index => members[index] = NamedCode.In(trees[index]));
        var suspects = new HashSet<SyntaxTree>();
        var all = members.SelectMany(list => list).ToList();
        foreach (var type in all.GroupBy(code => code.Type, StringComparer.Ordinal))
        {
            var own = type.ToList();
            if (own.Exists(code => code.Name == "ExecuteAsync"))
                suspects.UnionWith(own.Select(code => code.Tree));
            suspects.UnionWith(InCircle(own).Select(code => code.Tree));
        }

        suspects.UnionWith(all.Where(code => code.Mentions.Contains("Timer") || code.Mentions.Contains("Elapsed"))
            .Select(code => code.Tree));
        var byName = all.ToLookup(code => code.Name, StringComparer.Ordinal);
        suspects.UnionWith(all.Where(code => code.IsOverride && code.Mentions
            .Any(name => name != code.Name && byName[name].Any(inherited => inherited.Mentions.Contains(code.Name))))
            .Select(code => code.Tree));
        return suspects;
    }

    /// <summary>What leads back to itself, if anything in the circle can be a repetition.</summary>
    private static IEnumerable<NamedCode> InCircle(List<NamedCode> own)
    {
        var byName = own.ToLookup(code => code.Name, StringComparer.Ordinal);
        var calls = byName.ToDictionary(group => group.Key, group =>
            group.SelectMany(code => code.Mentions).Where(byName.Contains).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
        return NameCircles.In(calls).Where(circle => circle.Any(name => byName[name].Any(code => code.CanRepeat)))
            .SelectMany(circle => circle.SelectMany(name => byName[name]));
    }
}
