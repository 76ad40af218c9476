using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Circles;

/// <summary>Distinguishes methods that repeat each other from a parser or a walk that consists of several methods.</summary>
internal static class CircleJudge
{
    /// <summary>Whether the caller waits for the callee, and not once for each of many.</summary>
    public static bool CanRepeat(Call call, AnalyzerSettings settings)
    {
        var result = Result.Of(call.Operation, call.Caller, settings);
        return result.Use is ResultUse.Awaited or ResultUse.Returned
            && !Position.Of(call.Operation, result, call.Caller).IsInLoop;
    }

    public static bool Repeats(Circle circle, AnalyzerSettings settings)
    {
        var bodies = circle.Calls.Select(call => FunctionBody.Of(call.Caller.Body, call.Operation, settings)).ToList();
        var positions = circle.Calls.Select(call => Position.Of(call.Operation, Result.Of(call.Operation, call.Caller, settings),
            call.Caller)).ToList();

        return circle.Calls.Any(call => call.From.IsAsync)
            && LeadsNowhere(circle, bodies, positions)
            && (bodies.Any(body => body.HasDelay) || (positions.All(Repeats) && !bodies.SelectMany(body => body.Exits)
                .Any(exit => LooksAtData(exit.Condition))))
            && !HasLimit(bodies, positions)
            && !Enumerable.Range(0, bodies.Count).Any(step => CalledLimit
                .Exists(positions[step].Around.Concat(bodies[step].Deciding).SelectMany(bodies[step].PartsOf),
                circle.Calls[step].Operation, bodies[step].Body));
    }

    /// <summary>Without a delay: always, or whenever it fails.</summary>
    private static bool Repeats(Position position) => position.IsTail && position.Decisions.Count == 0;

    /// <summary>
    /// What a condition computes or has computed before comes from data, and data ends; a flag of the object may never change.
    /// </summary>
    private static bool LooksAtData(IOperation condition) =>
        condition.DescendantsAndSelf().Any(part => part is ILocalReferenceOperation or IAwaitOperation or IInvocationOperation);

    /// <summary>A reason that is handed on and only logged leads nowhere, if there is a pause on the way.</summary>
    private static bool LeadsNowhere(Circle circle, List<FunctionBody> bodies, List<Position> positions)
    {
        var most = bodies.Any(body => body.HasDelay) ? Progress.Unknown : Progress.None;
        for (var step = 0; step < circle.Calls.Count; step++)
        {
            var next = (step + 1) % bodies.Count;
            if (Arguments.Of(circle.Calls[step].Operation, bodies[step], positions[step], bodies[next], positions[next]) > most)
                return false;
        }

        return true;
    }

    /// <summary>
    /// A member that one counts and one looks at. Set back on the way round, it limits nothing: each success starts over.
    /// </summary>
    private static bool HasLimit(List<FunctionBody> bodies, List<Position> positions) =>
        bodies.SelectMany(body => body.Counted)
            .Any(counted => bodies.Any(body => body.Tests(counted)) && !bodies.Any(body => body.Assigns(counted)))
        || bodies.SelectMany(body => body.Deciding).Concat(positions.SelectMany(position => position.Around))
            .Any(condition => condition.DescendantsAndSelf().Any(Clock.IsRead));
}
