using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>What a function tests, writes, counts and waits for. Collected in one walk, and only once a call to itself was found.</summary>
internal sealed class FunctionBody
{
    private static readonly ConditionalWeakTable<IOperation, FunctionBody> Known = new();

    private readonly BodyWalk _found;
    private readonly HashSet<ISymbol> _tested;

    private FunctionBody(BodyWalk found)
    {
        _found = found;
        _tested = found.Origins.Of(found.Tested);
    }

    /// <summary>Waits: <c>Task.Delay</c>, <c>Thread.Sleep</c>, a timer, and what is named like them.</summary>
    public bool HasDelay => _found.HasDelay;

    /// <summary>Conditions whose branch leaves the function.</summary>
    public IReadOnlyList<IOperation> Exits => _found.Exits;

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
        return new(walk);
    }

    /// <summary>The same for all calls that are in no lambda: a method of thousands of cases is walked through once.</summary>
    public static FunctionBody SharedOf(IOperation body, IOperation call, AnalyzerSettings settings) =>
        Places.LambdaAround(call, body) is null ? Known.GetValue(body, _ => Of(body, null, settings)) : Of(body, call, settings);

    /// <summary>Whether a condition depends on the symbol, be it by way of locals.</summary>
    public bool Tests(ISymbol symbol) => _tested.Contains(symbol);

    /// <summary>Looks something up by it, which ends with the list.</summary>
    public bool IndexesBy(ISymbol symbol) => _found.Indexes.Contains(symbol);

    public bool Reads(ISymbol symbol) => _found.Read.Contains(symbol);

    public bool Assigns(ISymbol symbol) => _found.Assigned.Contains(symbol);

    /// <summary>Only ever counts it up or down.</summary>
    public bool Steps(ISymbol symbol) => _found.Stepped.Contains(symbol);

    /// <summary><c>node = node.Next</c>: a member that is made from what it was before.</summary>
    public bool MovesOn(ISymbol symbol) => _found.Set.Any(set => SymbolEqualityComparer.Default.Equals(set.Member, symbol) && OriginsOf(set.Value).Contains(symbol, SymbolEqualityComparer.Default)) && !Flag.Is(symbol);

    /// <summary>A question to something that the body takes from: an enumerator, a queue.</summary>
    public bool IsUsedUp(IOperation question) => Input.IsTaken(question) || Input.IsEnd(question) || Input.Asked(question) is { } asked && _found.TakenFrom.Contains(asked);

    /// <summary>A member of another object that the body counts, or the number of things it has collected.</summary>
    public bool IsCountedElsewhere(IOperation question) =>
        question is IMemberReferenceOperation { Member: var member } && _found.SteppedElsewhere.Contains(member) || Input.Asked(question) is { } asked && _found.AddedTo.Contains(asked);

    /// <summary>Whether the symbol, or what it was made from, is tested.</summary>
    public bool TestsOriginOf(ISymbol symbol) => Tests(symbol) || _found.Origins.DirectlyOf(symbol).Any(source => Symbols.IsVariable(source) && Tests(source));

    /// <summary>What an expression is made from, be it by way of locals.</summary>
    public IEnumerable<ISymbol> OriginsOf(IOperation expression) => _found.Origins.Of(Symbols.In(expression));
}
