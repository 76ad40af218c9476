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

    /// <summary>
    /// The function that <paramref name="reference"/> (a call or a method group) stands in and names, if it does.
    /// </summary>
    public static Function? CallingItself(IOperation reference, ISymbol containing)
    {
        if (reference is IInvocationOperation { TargetMethod: { MethodKind: not (MethodKind.LocalFunction
            or MethodKind.DelegateInvoke), Name: var name } } && !IsNamed(containing, name))
            return null;
        var target = Named(reference);
        if (target is null
            || (target is IMethodSymbol { MethodKind: not MethodKind.LocalFunction } && !IsNamed(containing, target.Name)))
            return null;
        // A lambda in a local may be nothing but the delegate that the function calls itself by.
        var around = Around(reference, containing);
        while (around is { Name: ILocalSymbol, Body.Parent: { } lambda } && !Same(around.Name, target))
            around = Around(lambda, containing);
        return around is not null && Same(around.Name, target) ? around : null;
    }

    /// <summary>
    /// The innermost function with a name around <paramref name="operation"/>. Lambdas without a name belong to it.
    /// </summary>
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
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: ILocalReferenceOperation held } =>
            held.Local,
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: IFieldReferenceOperation held }
            when IsOwn(held.Instance) => held.Field,
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: IPropertyReferenceOperation held }
            when IsOwn(held.Instance) => held.Property,
        IInvocationOperation { TargetMethod.IsExtensionMethod: true,
            Arguments: { Length: > 0 } arguments } when IsUnknown(arguments[0].Value) => null,
        IInvocationOperation call when IsOwn(call.Instance) || IsThisInOtherClothes(call.Instance) => call.TargetMethod,
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
            ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } => target.Property,
            IEventAssignmentOperation { Adds: true, EventReference: IEventReferenceOperation { Event: var source,
                Instance: var own } } when IsOwn(own) => source,
            IPropertyInitializerOperation { InitializedProperties: { Length: > 0 } properties } => properties[0],
            _ => null,
        };
    }

    /// <summary>Both halves of a partial method are the same method.</summary>
    public static IMethodSymbol Whole(IMethodSymbol method) => method.PartialDefinitionPart ?? method;

    public static bool IsOwn(IOperation? instance) =>
        instance is null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };

    /// <summary>A type that is not there may have a method of the name, which an extension wraps.</summary>
    private static bool IsUnknown(IOperation value)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value.Type is null or { TypeKind: TypeKind.Error };
    }

    /// <summary><c>((IJob)this)</c>, or another object of the same kind, fresh from the container.</summary>
    private static bool IsThisInOtherClothes(IOperation? instance)
    {
        while (instance is IConversionOperation { OperatorMethod: null } conversion)
            instance = conversion.Operand;
        return IsOwn(instance) || (instance is ILocalReferenceOperation { Local: var local } && Locals.IsThis(local))
            || instance is IInvocationOperation { TargetMethod.Name: "GetRequiredService" or "GetService"
            or "GetRequiredKeyedService" };
    }

    /// <summary>Explicit implementations have the name of the interface before their own.</summary>
    private static bool IsNamed(ISymbol containing, string name) =>
        containing.Name == name || (containing is IMethodSymbol { MethodKind: MethodKind.ExplicitInterfaceImplementation }
            && containing.Name.EndsWith("." + name, StringComparison.Ordinal));

    private static bool Same(ISymbol function, ISymbol target)
    {
        if (target is IMethodSymbol { ContainingType.TypeKind: TypeKind.Interface } declared
            && function is IMethodSymbol { ContainingType: { TypeKind: not TypeKind.Interface } type })
            target = type.FindImplementationForInterfaceMember(declared) ?? target;
        return IsSame(function is IMethodSymbol own ? Whole(own) : function,
            target is IMethodSymbol method ? Whole(method) : target);
    }

    private static bool IsSame(ISymbol function, ISymbol target) =>
        SymbolEqualityComparer.Default.Equals(function, target is IMethodSymbol { OriginalDefinition: var definition }
            ? Whole(definition)
            : target.OriginalDefinition)
        && (target is not IMethodSymbol method
            || method.TypeArguments.SequenceEqual<ITypeSymbol, ITypeSymbol>(
                method.OriginalDefinition.TypeParameters.CastArray<ITypeSymbol>(), SymbolEqualityComparer.Default))
        && (target.ContainingType is null
            || SymbolEqualityComparer.Default.Equals(target.ContainingType, function.ContainingType));

    private static bool IsSequence(INamedTypeSymbol type) =>
        type.Name is "IEnumerable" or "IEnumerator" or "IAsyncEnumerable" or "IAsyncEnumerator";
}
