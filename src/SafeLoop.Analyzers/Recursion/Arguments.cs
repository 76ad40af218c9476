using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>Whether the arguments of a call lead somewhere: only those do whose parameter decides about another call.</summary>
internal static class Arguments
{
    /// <param name="call">The call; a method group has no arguments.</param>
    /// <param name="caller">The body it stands in.</param>
    /// <param name="from">Where in that body it stands.</param>
    /// <param name="callee">The body it leads to: the same, unless methods call each other.</param>
    /// <param name="to">Where in that body the next call stands.</param>
    public static Progress Of(IOperation call, FunctionBody caller, Position from, FunctionBody callee, Position to) =>
        call is IInvocationOperation { Arguments: { Length: > 0 } arguments } invocation
            ? arguments.Select(argument => FormalOf(argument, invocation) is { } formal ? Of(argument, formal, caller, from,
                callee, to) : Progress.Unknown).Max()
            : Progress.None;

    private static Progress Of(IArgumentOperation argument, IParameterSymbol formal, FunctionBody caller, Position from,
        FunctionBody callee, Position to)
    {
        var value = WithoutConversion(argument.Value);
        if (formal.Type.Name == "CancellationToken" || HasCallerInfo(formal))
            return Progress.None;
        if (value is IParameterReferenceOperation { Parameter: var same } && !caller.Assigns(same) && !caller.Steps(same))
            return Progress.None;
        var decides = callee.Decides(formal, to);
        if (argument.ArgumentKind == ArgumentKind.DefaultValue || value.ConstantValue.HasValue || value is IDefaultValueOperation
            || IsFixed(value))
            return decides || (!to.IsUnconditional && IsSwitch(formal.Type) && callee.Reads(formal)
                && !Logging.IsAllUseOf(formal, callee.Body)) ? Progress.Bounded : Progress.None;
        if (IsOwnMember(value) && !caller.Assigns(Symbols.Of(value)!) && !caller.Steps(Symbols.Of(value)!))
            return Progress.None;
        if (decides || Symbols.In(value).Any(part => part is ILocalSymbol or IParameterSymbol && !IsToken(part) && caller
            .DecidesOriginOf(part, from)))
            return Progress.Bounded;
        if (IsException(formal.Type))
            return Progress.None;
        if (!IsStep(value, caller))
            return Progress.Unknown;
        return callee.IndexesBy(formal) ? Progress.Bounded : Progress.None;
    }

    /// <summary>
    /// A lambda is called through <c>Invoke</c>, and a partial method through its other half, whose
    /// parameters are not the ones the body reads.
    /// </summary>
    private static IParameterSymbol? FormalOf(IArgumentOperation argument, IInvocationOperation call)
    {
        if (argument.Parameter is not { } formal)
            return null;
        if (call.TargetMethod.MethodKind != MethodKind.DelegateInvoke)
            return call.TargetMethod.OriginalDefinition.PartialImplementationPart?.Parameters[formal.Ordinal]
                ?? formal.OriginalDefinition;
        for (var place = call.Parent; place is not null; place = place.Parent)
        {
            if (place is IAnonymousFunctionOperation { Symbol.Parameters: var parameters } && parameters.Length > formal.Ordinal
                && parameters.Length == call.Arguments.Length)
                return parameters[formal.Ordinal];
        }

        return formal;
    }

    /// <summary><c>n + 1</c>, <c>++n</c>, or an n that was only ever counted.</summary>
    private static bool IsStep(IOperation value, FunctionBody caller) => value switch
    {
        IIncrementOrDecrementOperation => true,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract, LeftOperand: var left,
            RightOperand.ConstantValue.HasValue: true } =>
            WithoutConversion(left) is IParameterReferenceOperation,
        IParameterReferenceOperation { Parameter: var counted } => caller.Steps(counted) && !caller.Assigns(counted),
        _ => false,
    };

    /// <summary><c>TimeSpan.Zero</c>: as good as a constant.</summary>
    private static bool IsFixed(IOperation value) =>
        value is IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } }
            or IPropertyReferenceOperation { Property: { IsStatic: true, IsReadOnly: true,
                DeclaringSyntaxReferences.IsEmpty: true } };

    private static bool IsOwnMember(IOperation value) =>
        value is IFieldReferenceOperation or IPropertyReferenceOperation && Symbols.Of(value) is not null;

    /// <summary>What a flag that is set for the second try looks like. Handed on to the work, it may decide whether
    /// that fails again.</summary>
    private static bool IsSwitch(ITypeSymbol type) => type.SpecialType == SpecialType.System_Boolean
        || type.TypeKind == TypeKind.Enum
        || (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T,
            TypeArguments: { Length: 1 } inner } && IsSwitch(inner[0]));

    private static bool IsException(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type is { Name: "Exception", ContainingNamespace.Name: "System" })
                return true;
        }

        return false;
    }

    private static bool IsToken(ISymbol symbol) =>
        symbol is ILocalSymbol { Type.Name: "CancellationToken" or "CancellationTokenSource" }
            or IParameterSymbol { Type.Name: "CancellationToken" or "CancellationTokenSource" };

    private static bool HasCallerInfo(IParameterSymbol formal) =>
        formal.IsOptional && formal.GetAttributes()
            .Any(attribute => attribute.AttributeClass?.Name.StartsWith("Caller", StringComparison.Ordinal) == true);

    private static IOperation WithoutConversion(IOperation value) =>
        value is IConversionOperation conversion ? WithoutConversion(conversion.Operand) : value;
}
