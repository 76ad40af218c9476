using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>
/// What a function tests, writes, counts and waits for. Collected in one walk, and only once a call to itself was found.
/// </summary>
internal sealed class FunctionBody
{
    private static readonly ConditionalWeakTable<IOperation, FunctionBody> Known = new();

    private readonly BodyWalk _found;
    private readonly HashSet<ISymbol> _tested;
    private readonly HashSet<ISymbol> _deciding;

    private FunctionBody(IOperation body, BodyWalk found)
    {
        Body = body;
        _found = found;
        _tested = found.Origins.Of(found.Tested);
        _deciding = found.Origins.Of(found.Deciding.SelectMany(Symbols.In));
    }

    public IOperation Body { get; }

    /// <summary>Waits: <c>Task.Delay</c>, <c>Thread.Sleep</c>, a timer, and what is named like them.</summary>
    public bool HasDelay => _found.HasDelay;

    /// <summary>Conditions whose branch leaves the function.</summary>
    public IReadOnlyList<Decision> Exits => _found.Exits;

    /// <summary>All conditions around a way out of the function.</summary>
    public IEnumerable<IOperation> Deciding => _found.Deciding;

    /// <summary>Members it counts up or down.</summary>
    public IEnumerable<ISymbol> Counted => _found.Stepped.Where(symbol => symbol is IFieldSymbol or IPropertySymbol);

    /// <param name="body">The body.</param>
    /// <param name="call">The call to itself: lambdas around it belong to the body, all others do not.</param>
    /// <param name="settings">What else counts as a delay.</param>
    public static FunctionBody Of(IOperation body, IOperation? call, AnalyzerSettings settings)
    {
        var around = new HashSet<IOperation>();
        for (var place = call; place is not null && place != body; place = place.Parent)
            around.Add(place);
        var walk = new BodyWalk(around, settings);
        walk.Visit(body);
        return new(body, walk);
    }

    /// <summary>The same for all calls that are in no lambda: a method of thousands of cases is walked through once.</summary>
    public static FunctionBody SharedOf(IOperation body, IOperation call, AnalyzerSettings settings) =>
        Places.LambdaAround(call, body) is null ? Known.GetValue(body, _ => Of(body, null, settings)) : Of(body, call, settings);

    /// <summary>Whether a condition depends on the symbol, be it by way of locals.</summary>
    public bool Tests(ISymbol symbol) => _tested.Contains(symbol);

    /// <summary>Whether a way out of the function, or the way to a call, depends on the symbol, be it by way of locals.</summary>
    public bool Decides(ISymbol symbol, Position position) =>
        _deciding.Contains(symbol) || position.Around.Any(condition => OriginsOf(condition)
            .Contains(symbol, SymbolEqualityComparer.Default));

    /// <summary>Looks something up by it, which ends with the list.</summary>
    public bool IndexesBy(ISymbol symbol) => _found.Indexes.Contains(symbol);

    public bool Reads(ISymbol symbol) => _found.Read.Contains(symbol);

    public bool Assigns(ISymbol symbol) => _found.Assigned.Contains(symbol);

    /// <summary>Only ever counts it up or down.</summary>
    public bool Steps(ISymbol symbol) => _found.Stepped.Contains(symbol);

    /// <summary><c>node = node.Next</c>: a member that is made from what it was before.</summary>
    public bool MovesOn(ISymbol symbol) =>
        _found.Set.Any(set => SymbolEqualityComparer.Default.Equals(set.Member, symbol)
            && OriginsOf(set.Value).Contains(symbol, SymbolEqualityComparer.Default)) && !Flag.Is(symbol);

    /// <summary>Goes on because it took something from an enumerator, a queue, a set; or asks whether there is more
    /// in what it takes from.</summary>
    public bool UsesUp(Decision decision) =>
        Polarity.Finds(decision.Condition, decision.GoesOn, Input.IsTaken, _found.Origins.ValuesOf)
        || PartsOf(decision.Condition).Any(part => (!HasDelay && Input.IsEnd(part))
            || (Input.Asked(part) is { } asked && _found.TakenFrom.Contains(asked)));

    /// <summary>A member of another object that the body counts, or the number of things it has collected.</summary>
    public bool IsCountedElsewhere(IOperation question) =>
        question is IMemberReferenceOperation { Member: var member } && _found.SteppedElsewhere.Contains(member)
        || Input.Asked(question) is { } asked && _found.AddedTo.Contains(asked);

    /// <summary>Whether the symbol, or what it was made from, decides.</summary>
    public bool DecidesOriginOf(ISymbol symbol, Position position) =>
        Decides(symbol, position) || _found.Origins.DirectlyOf(symbol).Any(source => Symbols.IsVariable(source)
            && Decides(source, position));

    /// <summary>All parts of an expression, and of what its locals were made from.</summary>
    public IEnumerable<IOperation> PartsOf(IOperation expression) => _found.Origins.PartsOf(expression);

    /// <summary>What an expression is made from, be it by way of locals.</summary>
    public IEnumerable<ISymbol> OriginsOf(IOperation expression) => _found.Origins.Of(Symbols.In(expression));
}
