using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Circles;

/// <summary>Which asynchronous methods of a type call which others. Empty, and not allocated, for most types.</summary>
internal sealed class CallGraph(INamedTypeSymbol type)
{
    /// <summary>Longer ways round exist, but nobody writes them to repeat something.</summary>
    private const int LongestCircle = 5;

    private readonly object _gate = new();
    private Dictionary<IMethodSymbol, List<Call>>? _calls;

    /// <summary>May be called from many threads.</summary>
    public void Note(IOperation operation, ISymbol containing)
    {
        var call = (IInvocationOperation)operation;
        if (!IsCandidate(call.TargetMethod, containing) || Function.Named(call) is null)
            return;
        if (Function.Around(call, containing) is not { Method.MethodKind: MethodKind.Ordinary } caller)
            return;
        lock (_gate)
        {
            _calls ??= new(SymbolEqualityComparer.Default);
            if (!_calls.TryGetValue(caller.Method, out var from))
                _calls[caller.Method] = from = [];
            from.Add(new(caller, call));
        }
    }

    public IEnumerable<Circle> Circles()
    {
        if (_calls is null || _calls.Count < 2)
            yield break;
        var order = _calls.Keys.OrderBy(method => method.Locations[0].SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(method => method.Locations[0].SourceSpan.Start).ToList();
        for (var start = 0; start < order.Count; start++)
        {
            var allowed = new HashSet<IMethodSymbol>(order.Skip(start), SymbolEqualityComparer.Default);
            foreach (var way in WaysBack(order[start], order[start], [], allowed))
                yield return new(way);
        }
    }

    private bool IsCandidate(IMethodSymbol target, ISymbol containing) =>
        target.MethodKind == MethodKind.Ordinary
        && containing is IMethodSymbol { MethodKind: MethodKind.Ordinary }
        && !target.ReturnsVoid
        && SymbolEqualityComparer.Default.Equals(target.ContainingType.OriginalDefinition, type)
        && SymbolEqualityComparer.Default.Equals(containing.ContainingType, type)
        && !SymbolEqualityComparer.Default.Equals(target.OriginalDefinition, containing)
        && target.ReturnType.Name is "Task" or "ValueTask" or "UniTask" or "Awaitable";

    private IEnumerable<IReadOnlyList<Call>> WaysBack(IMethodSymbol start, IMethodSymbol from, IReadOnlyList<Call> way, HashSet<IMethodSymbol> allowed)
    {
        if (way.Count == LongestCircle || !_calls!.TryGetValue(from, out var calls))
            yield break;
        foreach (var call in calls)
        {
            if (SymbolEqualityComparer.Default.Equals(call.To, start))
                yield return [.. way, call];
            else if (allowed.Contains(call.To) && !way.Any(step => SymbolEqualityComparer.Default.Equals(step.From, call.To)))
            {
                foreach (var found in WaysBack(start, call.To, [.. way, call], allowed))
                    yield return found;
            }
        }
    }
}
