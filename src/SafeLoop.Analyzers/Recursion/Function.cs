using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>A method, a local function, or a lambda kept in a local or field: something with a name to call itself by.</summary>
internal sealed class Function(ISymbol name, IMethodSymbol method, IOperation body, ISymbol containing)
{
    public ISymbol Name { get; } = name;

    public IMethodSymbol Method { get; } = method;

    public IOperation Body { get; } = body;

    /// <summary>The member of a type whose code this is, or is part of.</summary>
    public ISymbol Containing { get; } = containing;

    public bool ReturnsValue => Method.ReturnType is INamedTypeSymbol { IsGenericType: true } type && !IsSequence(type);

    public bool IsIterator => Method.ReturnType is INamedTypeSymbol type && IsSequence(type);

    /// <summary>The function that <paramref name="reference"/> (a call or a method group) stands in and names, if it does.</summary>
    public static Function? CallingItself(IOperation reference, ISymbol containing)
    {
        var target = Named(reference);
        if (target is null || (target is IMethodSymbol { MethodKind: not MethodKind.LocalFunction } && target.Name != containing.Name))
            return null;
        return Around(reference, containing) is { } around && Same(around.Name, target) ? around : null;
    }

    /// <summary>The innermost function with a name around <paramref name="operation"/>. Lambdas without a name belong to it.</summary>
    public static Function? Around(IOperation operation, ISymbol containing)
    {
        var place = operation;
        for (; place.Parent is { } parent; place = parent)
        {
            if (parent is ILocalFunctionOperation { Body: { } body } local)
                return new(local.Symbol, local.Symbol, body, containing);
            if (parent is IAnonymousFunctionOperation lambda && NameOf(lambda) is { } name)
                return new(name, lambda.Symbol, lambda.Body, containing);
        }

        return containing is IMethodSymbol method ? new(method, method, place, containing) : null;
    }

    /// <summary>What a call or method group names, if it is of this very object.</summary>
    public static ISymbol? Named(IOperation reference) => reference switch
    {
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: ILocalReferenceOperation held } => held.Local,
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: IFieldReferenceOperation held } when IsOwn(held.Instance) => held.Field,
        IInvocationOperation call when IsOwn(call.Instance) => call.TargetMethod,
        IMethodReferenceOperation group when IsOwn(group.Instance) => group.Method,
        _ => null,
    };

    /// <summary>The local or field a lambda is assigned to.</summary>
    private static ISymbol? NameOf(IAnonymousFunctionOperation lambda)
    {
        IOperation value = lambda;
        while (value.Parent is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
            value = value.Parent;
        return value.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            IFieldInitializerOperation { InitializedFields: { Length: > 0 } fields } => fields[0],
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } => target.Local,
            ISimpleAssignmentOperation { Target: IFieldReferenceOperation target } => target.Field,
            _ => null,
        };
    }

    private static bool IsOwn(IOperation? instance) =>
        instance is null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };

    private static bool Same(ISymbol function, ISymbol target) =>
        SymbolEqualityComparer.Default.Equals(function, target.OriginalDefinition)
        && (target is not IMethodSymbol method || method.TypeArguments.SequenceEqual<ITypeSymbol, ITypeSymbol>(method.OriginalDefinition.TypeParameters.CastArray<ITypeSymbol>(), SymbolEqualityComparer.Default))
        && (target.ContainingType is null || SymbolEqualityComparer.Default.Equals(target.ContainingType, function.ContainingType));

    private static bool IsSequence(INamedTypeSymbol type) =>
        type.Name is "IEnumerable" or "IEnumerator" or "IAsyncEnumerable" or "IAsyncEnumerator";
}
