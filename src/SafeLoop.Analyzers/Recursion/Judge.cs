using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>
/// Distinguishes repetition from recursion. A false report costs more than a miss, so code
/// that may walk through data is not reported.
/// </summary>
internal sealed class Judge(Function function, IOperation call, Result result, AnalyzerSettings settings)
{
    private readonly Position _position = Position.Of(call, result, function);
    private readonly FunctionBody _body = FunctionBody.SharedOf(function.Body, call, settings);

    public Verdict Decide()
    {
        if (result.Use == ResultUse.Other || _position.IsInLoop || GoesThroughData() || Once.Happens(call, function.Body))
            return Verdict.None;
        if (Arguments.Of(call, _body, _position, _body, _position) is var progress
            && (progress == Progress.Bounded || (progress == Progress.Unknown && !_body.HasDelay)))
            return Verdict.None;
        return result.Use == ResultUse.Dropped ? DecideDropped() : DecideKept();
    }

    /// <summary>
    /// The result is not awaited. Without a scheduler only an async function repeats; any other overflows the stack.
    /// </summary>
    private Verdict DecideDropped() =>
        (function.Method.IsAsync || result.Scheduler is not null) && Goes() && !HasLimit() ? Verdict.Restarts : Verdict.None;

    /// <summary>The result is awaited, so every iteration stays in memory.</summary>
    private Verdict DecideKept()
    {
        if (!Waits())
            return Verdict.None;
        if (!_body.HasDelay && !_position.IsTail && (result.IsValueUsed || HasGuard()))
            return Verdict.None;
        if (HasLimit())
            return Verdict.RetriesWithinLimit;
        if (result.Use == ResultUse.Yielded || Goes())
            return Verdict.Repeats;
        return (_position.IsTail || _position.IsInHandlerOfLoop) && !TestsWhatItSets()
            && !Descent.Has(function) ? Verdict.Retries : Verdict.None;
    }

    /// <summary>
    /// Plain <c>return Self()</c> is a synchronous recursion: it ends by a stack overflow, which others report.
    /// </summary>
    private bool Waits() => function.Method.IsAsync || function.IsIterator || result.Scheduler is not null;

    /// <summary>
    /// Nothing but a flag of its own object, or nothing at all, decides whether it goes on; or it takes its time.
    /// </summary>
    private bool Goes() =>
        _position.IsUnconditional
        || _body.HasDelay
        || (!_position.IsInCatch && _position.IsTail && !function.ReturnsValue
            && _position.Conditions.All(condition => Flag.IsAll(condition, _body.Assigns)));

    /// <summary>A cursor that it moves on, or input that it takes away, decides whether it goes on.</summary>
    private bool GoesThroughData() => _position.Decisions.Concat(_body.Exits
        .Where(exit => !_position.Conditions.Contains(exit.Condition))).Any(decision =>
        _body.OriginsOf(decision.Condition).Any(_body.MovesOn) || _body.UsesUp(decision));

    /// <summary>What decides whether there is another iteration.</summary>
    private IEnumerable<IOperation> Decisions => _position.Around.Concat(_body.Deciding).Distinct();

    private bool HasGuard() => _body.Exits.Count > 0;

    /// <summary>A member it counts, or a clock it looks at, on the way to the call or out of the function.</summary>
    private bool HasLimit() => Decisions.Any(condition =>
        _body.OriginsOf(condition).Any(IsCounted) || condition.DescendantsAndSelf().Any(part => Clock.IsRead(part) || _body
            .IsCountedElsewhere(part)))
        || CalledLimit.Exists(Decisions.SelectMany(_body.PartsOf), call, function.Body);

    private bool IsCounted(ISymbol symbol) => _body.Steps(symbol) && !IsOwnVariable(symbol);

    private bool IsOwnVariable(ISymbol symbol) =>
        symbol is ILocalSymbol or IParameterSymbol
        && SymbolEqualityComparer.Default.Equals(symbol.ContainingSymbol, function.Method);

    /// <summary><c>if (!_refreshed) { _refreshed = true; return await Self(); }</c> happens once.</summary>
    private bool TestsWhatItSets() =>
        _position.Conditions.SelectMany(_body.OriginsOf).Any(symbol => _body.Assigns(symbol) && !IsOwnVariable(symbol));
}
