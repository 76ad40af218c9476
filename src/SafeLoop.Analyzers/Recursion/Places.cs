using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>What an operation stands in.</summary>
internal static class Places
{
    /// <summary>The lambda without a name, inside the function with this body, that the operation belongs to.</summary>
    public static IAnonymousFunctionOperation? LambdaAround(IOperation operation, IOperation body)
    {
        for (var place = operation.Parent; place is not null && place != body; place = place.Parent)
        {
            if (place is IAnonymousFunctionOperation lambda)
                return lambda;
        }

        return null;
    }

    /// <summary>The lambda as it is handed over.</summary>
    public static IOperation DelegateOf(IAnonymousFunctionOperation lambda)
    {
        IOperation value = lambda;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IDelegateCreationOperation)
            value = value.Parent;
        return value;
    }

    public static IOperation StatementOf(IOperation operation)
    {
        var place = operation;
        while (place.Parent is not (null or IBlockOperation or ISwitchCaseOperation)
            && place is not (IExpressionStatementOperation or IReturnOperation or IVariableDeclarationGroupOperation))
            place = place.Parent;
        return place;
    }
}
