using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Lint;

/// <summary>
/// The files in which a rule could find something, by names alone: functions that mention themselves, each other in a circle, or a timer, and
/// background services. Only these are bound, which is most of the work: they are a small part of most code.
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

        suspects.UnionWith(all.Where(code => code.Mentions.Contains("Timer") || code.Mentions.Contains("Elapsed")).Select(code => code.Tree));
        var byName = all.ToLookup(code => code.Name, StringComparer.Ordinal);
        suspects.UnionWith(all.Where(code => code.IsOverride && code.Mentions.Any(name => name != code.Name && byName[name].Any(inherited => inherited.Mentions.Contains(code.Name)))).Select(code => code.Tree));
        return suspects;
    }

    /// <summary>What leads back to itself, if anything in the circle can be a repetition.</summary>
    private static IEnumerable<NamedCode> InCircle(List<NamedCode> own)
    {
        var byName = own.ToLookup(code => code.Name, StringComparer.Ordinal);
        var calls = byName.ToDictionary(group => group.Key, group => group.SelectMany(code => code.Mentions).Where(byName.Contains).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var reach = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var name in calls.Keys)
            reach[name] = Reached(name, calls);
        return own.Where(code => reach[code.Name].Contains(code.Name)
            && reach[code.Name].Where(other => reach[other].Contains(code.Name)).Any(other => byName[other].Any(one => one.CanRepeat)));
    }

    private static HashSet<string> Reached(string from, Dictionary<string, HashSet<string>> calls)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([from]);
        while (open.TryDequeue(out var name))
        {
            foreach (var called in calls[name])
            {
                if (seen.Add(called))
                    open.Enqueue(called);
            }
        }

        return seen;
    }
}
