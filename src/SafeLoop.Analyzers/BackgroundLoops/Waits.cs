using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.BackgroundLoops;

/// <summary>Waiting, as opposed to working.</summary>
internal static class Waits
{
    /// <summary>Shorter waits end before any host loses its patience.</summary>
    private const double Unnoticed = 5_000;

    public static bool IsWait(IOperation awaited) =>
        Call(awaited) is { TargetMethod: { Name: var name, ContainingType: var type } }
        && (type.Name == "ChannelReader" || name is "Yield" or "WhenAny" || name.StartsWith("Wait", StringComparison.Ordinal)
            || name.IndexOf("Delay", StringComparison.Ordinal) >= 0);

    /// <summary>
    /// Waits of the loop that take no stopping token. Another token, or CancellationToken.None, is passed on purpose.
    /// </summary>
    public static IEnumerable<IInvocationOperation> WithoutTokenIn(ILoopOperation loop) =>
        loop.Descendants().OfType<IAwaitOperation>().Where(wait => !IsInLambda(wait, loop)).Select(wait => Call(wait.Operation))
            .Where(call => call is not null && IsDeaf(call))!;

    private static bool IsDeaf(IInvocationOperation call) => call.TargetMethod switch
    {
        { Name: "Delay", ContainingType.Name: "Task" } => call.TargetMethod.Parameters.All(
            parameter => parameter.Type.Name != "CancellationToken") && !(Milliseconds(call.Arguments[0].Value) <= Unnoticed),
        { Name: "WaitForNextTickAsync", ContainingType.Name: "PeriodicTimer" } =>
            call.Arguments.All(argument => argument.ArgumentKind == ArgumentKind.DefaultValue),
        _ => false,
    };

    private static IInvocationOperation? Call(IOperation awaited)
    {
        while (awaited is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } inner })
            awaited = inner;
        return awaited as IInvocationOperation;
    }

    private static double? Milliseconds(IOperation delay) => delay switch
    {
        { ConstantValue: { HasValue: true, Value: int milliseconds } } => milliseconds < 0 ? null : milliseconds,
        IInvocationOperation { TargetMethod: { ContainingType.Name: "TimeSpan", Name: var unit },
            Arguments: { Length: > 0 } arguments } when Number(arguments[0].Value) is { } number => unit switch
        {
            "FromMilliseconds" => number,
            "FromSeconds" => number * 1_000,
            _ => null,
        },
        _ => null,
    };

    private static double? Number(IOperation value)
    {
        while (value is IConversionOperation { ConstantValue.HasValue: false } conversion)
            value = conversion.Operand;
        return value.ConstantValue.Value switch
        {
            int number => number,
            long number => number,
            double number => number,
            _ => null,
        };
    }

    private static bool IsInLambda(IOperation operation, ILoopOperation loop)
    {
        for (var place = operation.Parent; place is not null && place != loop; place = place.Parent)
        {
            if (place is IAnonymousFunctionOperation or ILocalFunctionOperation)
                return true;
        }

        return false;
    }
}
