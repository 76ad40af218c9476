using Microsoft.CodeAnalysis;

namespace SafeLoop.Analyzers.Circles;

/// <summary>
/// Calls that lead from a method through others back to it. The first one starts at the method that is declared first.
/// </summary>
internal sealed class Circle(IReadOnlyList<Call> calls)
{
    public IReadOnlyList<Call> Calls { get; } = calls;

    /// <summary>The call that goes back to the start: where the circle is reported.</summary>
    public Call Closing => Calls[Calls.Count - 1];

    public IEnumerable<Location> OtherPlaces => Calls.Take(Calls.Count - 1).Select(call => call.Operation.Syntax.GetLocation());

    /// <summary><c>'A', 'B' and 'C'</c>.</summary>
    public string Names =>
        string.Join(", ", Calls.Take(Calls.Count - 1).Select(call =>
            $"'{call.Caller.Name.Name}'")) + $" and '{Closing.Caller.Name.Name}'";
}
