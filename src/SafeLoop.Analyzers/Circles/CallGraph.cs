using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Circles;

/// <summary>
/// Which asynchronous methods of a type, and local functions in them, call which others.
/// Empty, and not allocated, for most types.
/// </summary>
internal sealed class CallGraph(INamedTypeSymbol type)
{
    /// <summary>Longer circles exist, but code that repeats itself on purpose does not use them.</summary>
    private const int LongestCircle = 5;

    /// <summary>
    /// A type with hundreds of methods that all await each other is a parser, and has more ways than anyone can wait for.
    /// </summary>
    private const int MostSteps = 10_000;

    private readonly object _gate = new();
    private Dictionary<IMethodSymbol, List<Call>>? _calls;
    private List<(IEventSymbol Event, Function Caller, IInvocationOperation Operation)>? _raised;
    private List<(IEventSymbol Event, IMethodSymbol Handler)>? _handlers;
    private int _steps;

    /// <summary>May be called from many threads.</summary>
    public void Note(IOperation operation, ISymbol containing)
    {
        if (operation is IEventAssignmentOperation added)
            NoteHandler(added);
        if (operation is not IInvocationOperation call)
            return;
        var raised = RaisedBy(call);
        if (raised is null && (!IsCandidate(call.TargetMethod, containing) || !Function.IsOwn(call.Instance)))
            return;
        if (!IsTask(call.TargetMethod.ReturnType) || Function.Around(call, containing) is not { } caller)
            return;
        if (caller.Method.MethodKind is not (MethodKind.Ordinary or MethodKind.LocalFunction) && caller.Name is not IEventSymbol)
            return;
        lock (_gate)
        {
            if (raised is not null)
                (_raised ??= []).Add((raised, caller, call));
            else
                Add(new(caller, call, call.TargetMethod));
        }
    }

    private void Add(Call call)
    {
        if (SymbolEqualityComparer.Default.Equals(call.From, call.To))
            return;
        _calls ??= new(SymbolEqualityComparer.Default);
        if (!_calls.TryGetValue(call.From, out var from))
            _calls[call.From] = from = [];
        from.Add(call);
    }

    private void NoteHandler(IEventAssignmentOperation added)
    {
        if (!added.Adds || added.EventReference is not IEventReferenceOperation { Event: var source, Instance: var instance }
            || !Function.IsOwn(instance) || !SymbolEqualityComparer.Default.Equals(source.ContainingType, type))
            return;
        var handler = added.HandlerValue is IDelegateCreationOperation { Target: var target } ? target : added.HandlerValue;
        var method = handler switch
        {
            IMethodReferenceOperation { Method: var named, Instance: var own } when Function.IsOwn(own) => named,
            IAnonymousFunctionOperation { Symbol: var lambda } => lambda,
            _ => null,
        };
        if (method is null)
            return;
        lock (_gate)
            (_handlers ??= []).Add((source, method));
    }

    /// <summary>Raising an event that a method of the same type handles calls that method.</summary>
    private void AddRaised()
    {
        foreach (var (source, caller, operation) in _raised ?? [])
        {
            foreach (var handler in (_handlers ?? []).Where(handler => SymbolEqualityComparer.Default
                .Equals(handler.Event, source)))
                Add(new(caller, operation, handler.Handler));
        }
    }

    /// <param name="repeats">Whether a call can be part of a repetition; asked once per call, and only
    /// if the type has a circle at all.</param>
    public IEnumerable<Circle> Circles(Func<Call, bool> repeats)
    {
        AddRaised();
        if (_calls is null)
            yield break;
        RemoveDeadEnds();
        foreach (var calls in _calls.Values)
            calls.RemoveAll(call => !repeats(call));
        RemoveDeadEnds();
        foreach (var start in _calls.Keys.OrderBy(FileOf, StringComparer.Ordinal)
            .ThenBy(method => method.Locations[0].SourceSpan.Start).ToList())
        {
            foreach (var way in WaysBack(start, start, []))
                yield return new(way);
            _calls.Remove(start);
        }
    }

    /// <summary>
    /// Removes methods that cannot be in a circle, since no method they call calls another. Few types have any method left.
    /// </summary>
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
        && containing is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.Constructor }
        && !target.ReturnsVoid
        && SymbolEqualityComparer.Default.Equals(target.ContainingType.OriginalDefinition, type)
        && SymbolEqualityComparer.Default.Equals(containing.ContainingType, type)
        && IsTask(target.ReturnType);

    private static bool IsTask(ITypeSymbol result) => result.Name is "Task" or "ValueTask" or "UniTask" or "Awaitable";

    private static IEventSymbol? RaisedBy(IInvocationOperation call) =>
        call is { TargetMethod.MethodKind: MethodKind.DelegateInvoke,
            Instance: IEventReferenceOperation { Event: var source, Instance: var own } } && Function.IsOwn(own) ? source : null;

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
