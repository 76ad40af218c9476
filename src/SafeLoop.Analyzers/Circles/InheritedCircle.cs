using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Circles;

/// <summary>An override awaits a method of its base class that awaits the override.</summary>
internal static class InheritedCircle
{
    /// <summary>The way from the inherited method back to the override, or null.</summary>
    public static CalledBack? BackFrom(IInvocationOperation call, ISymbol containing)
    {
        if (containing is not IMethodSymbol { IsOverride: true } overriding || !Function.IsOwn(call.Instance)
            || call.TargetMethod is not { IsStatic: false, MethodKind: MethodKind.Ordinary, Name: var name } target
            || name == overriding.Name)
            return null;
        if (SymbolEqualityComparer.Default.Equals(target.ContainingType, overriding.ContainingType)
            || target.ContainingType.TypeKind != TypeKind.Class || target.DeclaringSyntaxReferences.IsEmpty)
            return null;
        return CalledBack.From(target.OriginalDefinition, overriding.Name) is { IsAwaited: true, Repeats: true, HasLimit: false,
            HandsOnTheSame: true } back ? back : null;
    }

    public static bool Repeats(IInvocationOperation call, ISymbol containing, CalledBack back, AnalyzerSettings settings)
    {
        if (Function.Around(call, containing) is not { Method.IsAsync: true } function)
            return false;
        var result = Result.Of(call, function, settings);
        var position = Position.Of(call, result, function);
        var body = FunctionBody.SharedOf(function.Body, call, settings);
        return result.Use is ResultUse.Awaited or ResultUse.Returned && !position.IsInLoop
            && (body.HasDelay || back.HasDelay)
            && call.Arguments.All(argument => argument.Value is IParameterReferenceOperation { Parameter: var same }
                && !body.Assigns(same) && !body.Steps(same))
            && !LimitOf(body, position, call).Any();
    }

    private static IEnumerable<IOperation> LimitOf(FunctionBody body, Position position, IInvocationOperation call)
    {
        var conditions = position.Around.Concat(body.Deciding).ToList();
        if (CalledLimit.Exists(conditions.SelectMany(body.PartsOf), call, body.Body))
            return [call];
        return conditions.Where(condition => body.OriginsOf(condition).Any(body.Steps)
            || condition.DescendantsAndSelf().Any(Clock.IsRead));
    }
}
