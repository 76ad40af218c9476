using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Circles;

/// <summary>A helper posts the method that called it: <c>void Again() => Task.Delay(5).ContinueWith(_ => Loop());</c></summary>
internal sealed class PostedCircle
{
    private readonly CalledBack _back;

    private PostedCircle(IMethodSymbol target, CalledBack back)
    {
        Target = target;
        _back = back;
    }

    /// <summary>The method that is posted, and calls the helper.</summary>
    public IMethodSymbol Target { get; }

    /// <summary>Null unless the call is handed to a scheduler, and what it calls leads back here. Asked of every
    /// call: no settings are read for it.</summary>
    public static PostedCircle? BackFrom(IOperation call, ISymbol containing)
    {
        if (containing is not IMethodSymbol { MethodKind: MethodKind.Ordinary } helper
            || Function.Named(call) is not IMethodSymbol { MethodKind: MethodKind.Ordinary } target || target.Name == helper.Name)
            return null;
        if (!SymbolEqualityComparer.Default.Equals(target.ContainingType, helper.ContainingType) || !IsPosted(call))
            return null;
        return CalledBack.From(target.OriginalDefinition, helper.Name) is { Repeats: true, HasLimit: false,
            HandsOnTheSame: true } back ? new(target, back) : null;
    }

    /// <summary>What happens to the posted call, or null if it closes no circle.</summary>
    public Result? Close(IOperation call, ISymbol containing, AnalyzerSettings settings)
    {
        if (Function.Around(call, containing) is not { Method.MethodKind: MethodKind.Ordinary } function)
            return null;
        var result = Result.Of(call, function, settings);
        return result is { Use: ResultUse.Dropped, Scheduler: not null }
            && Repeats(call, function, result, settings) ? result : null;
    }

    private static bool IsPosted(IOperation call)
    {
        for (var place = call; place.Parent is { } parent; place = parent)
        {
            if (place is not IDelegateCreationOperation)
                continue;
            if (parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var method } }
                && Schedulers.Contains(method, AnalyzerSettings.None))
                return true;
            if (parent is IArgumentOperation { Parent: IObjectCreationOperation { Constructor: { } constructor } }
                && Schedulers.Contains(constructor, AnalyzerSettings.None))
                return true;
        }

        return false;
    }

    private bool Repeats(IOperation call, Function function, Result result, AnalyzerSettings settings)
    {
        var position = Position.Of(call, result, function);
        var body = FunctionBody.Of(function.Body, call, settings);
        return !position.IsInLoop && (body.HasDelay || _back.HasDelay)
            && (call is not IInvocationOperation { Arguments: var arguments }
                || arguments.All(argument => argument.Value is IParameterReferenceOperation { Parameter: var same }
                && !body.Assigns(same) && !body.Steps(same)))
            && !position.Around.Concat(body.Deciding).Any(condition => body.OriginsOf(condition).Any(body.Steps) || condition
                .DescendantsAndSelf().Any(Clock.IsRead));
    }
}
