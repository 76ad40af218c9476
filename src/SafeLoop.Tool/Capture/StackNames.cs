using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace SafeLoop.Tool;

/// <summary>Names the methods whose variables are roots. The process lists its methods at the end of a session.</summary>
internal static class StackNames
{
    private const long Loader = 0x8, Jit = 0x10, ReadyToRun = 0x20;
    private const int BufferMegabytes = 64;

    /// <param name="target">The process.</param>
    /// <param name="wanted">The runtime's numbers of methods.</param>
    /// <param name="limit">How long the process may take.</param>
    /// <returns>Their names and modules, as far as the process reports them; it may have died meanwhile.</returns>
    public static Dictionary<ulong, (string Name, ulong Module)> Read(TargetProcess target, IReadOnlySet<ulong> wanted,
        TimeSpan limit)
    {
        var names = new Dictionary<ulong, (string Name, ulong Module)>();
        if (wanted.Count == 0 || !target.IsAlive())
            return names;

        try
        {
            using var session = EventSession.Start(target, keywords: 0, EventLevel.Informational, BufferMegabytes,
                Loader | Jit | ReadyToRun, limit);
            ThreadPool.QueueUserWorkItem(_ => session.Stop());
            session.Process(source => new ClrRundownTraceEventParser(source).MethodDCStopVerbose += method =>
            {
                if (wanted.Contains((ulong)method.MethodID))
                    names[(ulong)method.MethodID] = (NameOf(method.MethodNamespace, method.MethodName), (ulong)method.ModuleID);
            });
        }
        catch (ToolException)
        {
            // The heap is here, and says more than the names of a few methods.
        }

        return names;
    }

    /// <summary>Names the roots of stacks, in place; those of the user's methods come first, then by name.</summary>
    /// <param name="graph">The heap.</param>
    /// <param name="names">By the runtime's number of the method.</param>
    /// <param name="modules">The modules by the runtime's id.</param>
    public static void Complete(HeapGraph graph, Dictionary<ulong, (string Name, ulong Module)> names,
        IReadOnlyDictionary<ulong, HeapModule> modules)
    {
        int[] places = [.. graph.Roots.Index().Where(root => root.Item.Kind == RootKind.Stack).Select(root => root.Index)];
        var named = places.Select(place => Named(graph.Roots[place])).OrderBy(root => root.Name is null)
            .ThenBy(root => root.Module >= 0 && graph.Modules[root.Module].IsOfTheFramework)
            .ThenBy(root => root.Name, StringComparer.Ordinal).ToArray();
        foreach (var (i, place) in places.Index())
            graph.Roots[place] = named[i];

        HeapRoot Named(HeapRoot root) => names.TryGetValue(root.Method, out var method)
            ? root with
            {
                Method = 0, Name = method.Name,
                Module = modules.TryGetValue(method.Module, out var module) ? Array.IndexOf(graph.Modules, module) : -1,
            }
            : root with { Method = 0 };
    }

    /// <summary>As the source names it: a state machine and a closure have the name of the method they are in.</summary>
    /// <param name="type">With enclosing types, as the runtime writes them: <c>App.Outer+&lt;RunAsync&gt;d__1</c>.</param>
    /// <param name="method">The method alone.</param>
    internal static string NameOf(string type, string method)
    {
        string[] parts = [.. type.Split('+').Select(TypeNames.Plain)];
        var last = parts[^1].StartsWith("<>c", StringComparison.Ordinal) || !parts[^1].StartsWith('<') ? method : parts[^1];
        return string.Join('.', parts.TakeWhile(part => !part.StartsWith('<')).Append(MethodNames.Unmangle(last.TrimStart('.'))));
    }
}
