using Microsoft.CodeAnalysis;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>What the variables of a body were made from.</summary>
internal sealed class Origins
{
    private readonly Dictionary<ISymbol, HashSet<ISymbol>> _sources = new(SymbolEqualityComparer.Default);

    public void Add(ISymbol symbol, IOperation value)
    {
        if (!Symbols.IsVariable(symbol))
            return;
        if (!_sources.TryGetValue(symbol, out var sources))
            _sources[symbol] = sources = new(SymbolEqualityComparer.Default);
        sources.UnionWith(Symbols.In(value));
    }

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
