using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>What the variables of a body were made from.</summary>
internal sealed class Origins
{
    private readonly Dictionary<ISymbol, HashSet<ISymbol>> _sources = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<IOperation>> _values = new(SymbolEqualityComparer.Default);

    public void Add(ISymbol symbol, IOperation value)
    {
        if (!Symbols.IsVariable(symbol))
            return;
        if (!_sources.TryGetValue(symbol, out var sources))
            _sources[symbol] = sources = new(SymbolEqualityComparer.Default);
        sources.UnionWith(Symbols.In(value));
        if (!_values.TryGetValue(symbol, out var values))
            _values[symbol] = values = [];
        values.Add(value);
    }

    /// <summary>The expressions a variable gets.</summary>
    public IReadOnlyList<IOperation> ValuesOf(ISymbol symbol) => _values.TryGetValue(symbol, out var values) ? values : [];

    /// <summary>All parts of an expression, and of what the variables in it were made from.</summary>
    public IEnumerable<IOperation> PartsOf(IOperation expression) =>
        Of(Symbols.In(expression)).SelectMany(ValuesOf).Prepend(expression).SelectMany(value => value.DescendantsAndSelf());

    public IEnumerable<ISymbol> DirectlyOf(ISymbol symbol) => _sources.TryGetValue(symbol, out var sources) ? sources : [];

    /// <summary>The symbols, what they were made from, and what that was made from.</summary>
    public HashSet<ISymbol> Of(IEnumerable<ISymbol> symbols)
    {
        var origins = new HashSet<ISymbol>(symbols, SymbolEqualityComparer.Default);
        var open = new Queue<ISymbol>(origins);
        while (open.Count > 0)
        {
            foreach (var source in DirectlyOf(open.Dequeue()).Where(origins.Add))
                open.Enqueue(source);
        }

        return origins;
    }
}
