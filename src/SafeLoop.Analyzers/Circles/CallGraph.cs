using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Circles;

/// <summary>Which asynchronous methods of a type, and local functions in them, call which others. Empty, and not allocated, for most types.</summary>
internal sealed class CallGraph(INamedTypeSymbol type)
{
    /// <summary>Longer ways round exist, but nobody writes them to repeat something.</summary>
    private const int LongestCircle = 5;

    /// <summary>A type with hundreds of methods that all await each other is a parser, and has more ways than anyone can wait for.</summary>
    private const int MostSteps = 10_000;

    private readonly object _gate = new();
    private Dictionary<IMethodSymbol, List<Call>>? _calls;
    private int _steps;

    /// <summary>May be called from many threads.</summary>
    public void Note(IOperation operation, ISymbol containing)
    {
        var call = (IInvocationOperation)operation;
        if (!IsCandidate(call.TargetMethod, containing) || !Function.IsOwn(call.Instance))
            return;
        if (Function.Around(call, containing) is not { Method.MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } caller)
            return;
        var noted = new Call(caller, call);
        if (SymbolEqualityComparer.Default.Equals(noted.From, noted.To))
            return;
        lock (_gate)
        {
            _calls ??= new(SymbolEqualityComparer.Default);
            if (!_calls.TryGetValue(noted.From, out var from))
                _calls[noted.From] = from = [];
            from.Add(noted);
        }
    }

    /// <param name="repeats">Whether a call can be part of a repetition; asked once per call, and only if the type has a circle at all.</param>
    public IEnumerable<Circle> Circles(Func<Call, bool> repeats)
    {
        if (_calls is null)
            yield break;
        RemoveDeadEnds();
        foreach (var calls in _calls.Values)
            calls.RemoveAll(call => !repeats(call));
        RemoveDeadEnds();
        foreach (var start in _calls.Keys.OrderBy(FileOf, StringComparer.Ordinal).ThenBy(method => method.Locations[0].SourceSpan.Start).ToList())
        {
            foreach (var way in WaysBack(start, start, []))
                yield return new(way);
            _calls.Remove(start);
        }
    }

    /// <summary>Whoever calls nobody that calls somebody is in no circle. Few types have anything left.</summary>
    private void RemoveDeadEnds()
    {
        int before;
        do
        {
            before = _calls!.Count;
            foreach (var calls in _calls.Values)
                calls.RemoveAll(call => !_calls.ContainsKey(call.To));
            foreach (var dead in _calls.Where(from => from.Value.Count == 0).Select(from => from.Key).ToList())
                _calls.Remove(dead);
        }
        while (_calls.Count < before);
    }

    private static string FileOf(IMethodSymbol method) => method.Locations[0].SourceTree?.FilePath ?? "";

    private bool IsCandidate(IMethodSymbol target, ISymbol containing) =>
        target.MethodKind is MethodKind.Ordinary or MethodKind.LocalFunction
        && containing is IMethodSymbol { MethodKind: MethodKind.Ordinary }
        && !target.ReturnsVoid
        && SymbolEqualityComparer.Default.Equals(target.ContainingType.OriginalDefinition, type)
        && SymbolEqualityComparer.Default.Equals(containing.ContainingType, type)
        && target.ReturnType.Name is "Task" or "ValueTask" or "UniTask" or "Awaitable";

    private IEnumerable<IReadOnlyList<Call>> WaysBack(IMethodSymbol start, IMethodSymbol from, IReadOnlyList<Call> way)
    {
        if (way.Count == LongestCircle || ++_steps > MostSteps || !_calls!.TryGetValue(from, out var calls))
            yield break;
        foreach (var call in calls)
        {
            if (SymbolEqualityComparer.Default.Equals(call.To, start))
                yield return [.. way, call];
            else if (!way.Any(step => SymbolEqualityComparer.Default.Equals(step.From, call.To)))
            {
                foreach (var found in WaysBack(start, call.To, [.. way, call]))
                    yield return found;
            }
        }
    }
}
