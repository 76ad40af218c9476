using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Loops;

/// <summary>A new value that a call to itself gives a parameter.</summary>
internal sealed class Change(IParameterSymbol parameter, ExpressionSyntax value)
{
    public IParameterSymbol Parameter { get; } = parameter;

    public ExpressionSyntax Value { get; } = value;

    /// <summary>The parameter, as its declaration spells it: <c>@class</c>.</summary>
    public IdentifierNameSyntax Target { get; } = Spelled(parameter);

    /// <summary>Null if one cannot be written as an assignment.</summary>
    public static List<Change>? AllOf(IOperation call, IMethodSymbol function)
    {
        var changes = new List<Change>();
        if (call is not IInvocationOperation invocation)
            return function.Parameters.Length == 0 ? changes : null;
        foreach (var argument in invocation.Arguments)
        {
            if (argument.Parameter is not { RefKind: RefKind.None } formal)
                return null;
            var parameter = function.Parameters[formal.Ordinal];
            if (argument.ArgumentKind == ArgumentKind.Explicit)
            {
                var others = invocation.Arguments.Where(other => other != argument)
                    .SelectMany(other => other.Value.DescendantsAndSelf()).Where(part => IsOf(part, parameter)).ToList();
                if (IsOf(argument.Value, parameter) && others.Exists(IsWritten))
                    return null;
                if (!PassesOn(argument.Value, parameter, others))
                    changes.Add(new(parameter, argument.Syntax is ArgumentSyntax given
                        ? given.Expression
                        : (ExpressionSyntax)argument.Syntax));
            }
            else if (argument.ArgumentKind == ArgumentKind.DefaultValue && DefaultOf(formal) is { } value)
            {
                changes.Add(new(parameter, value));
            }
            else
            {
                return null;
            }
        }

        return changes;
    }

    public static IdentifierNameSyntax Spelled(IParameterSymbol parameter) => SyntaxFactory.IdentifierName(
        parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ParameterSyntax declared
            ? declared.Identifier.WithoutTrivia()
            : SyntaxFactory.Identifier(parameter.Name));

    /// <summary>
    /// The next iteration sees the parameter as it is now: nothing to assign. <c>n++</c> passes on the old
    /// value, if no other argument sees the new one.
    /// </summary>
    private static bool PassesOn(IOperation value, IParameterSymbol parameter, List<IOperation> others) =>
        IsOf(value, parameter) || (others.Count == 0
            && value is IIncrementOrDecrementOperation { IsPostfix: true, Target: var target } && IsOf(target, parameter));

    private static bool IsOf(IOperation operation, IParameterSymbol parameter) =>
        operation is IParameterReferenceOperation reference
        && SymbolEqualityComparer.Default.Equals(reference.Parameter, parameter);

    private static bool IsWritten(IOperation reference) =>
        reference.Parent is IIncrementOrDecrementOperation or ITupleOperation
            or IArgumentOperation { Parameter.RefKind: not RefKind.None }
        || (reference.Parent is IAssignmentOperation assignment && assignment.Target == reference);

    /// <summary>
    /// Null for one that the compiler makes up at the call, and one whose declaration is
    /// elsewhere: a delegate has defaults of its own.
    /// </summary>
    private static ExpressionSyntax? DefaultOf(IParameterSymbol formal) =>
        !formal.GetAttributes()
            .Any(attribute => attribute.AttributeClass?.Name.StartsWith("Caller", StringComparison.Ordinal) == true)
        && formal.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ParameterSyntax { Default.Value: { } value }
            ? value.WithoutTrivia()
            : null;
}
