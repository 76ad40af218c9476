namespace SafeLoop;

/// <summary>The checks that end a loop: <c>While</c> before an iteration, <c>Until</c> after one.</summary>
internal static class LoopChecks
{
    /// <summary>Evaluates the <c>While</c> checks. Throws the exception of a check, which makes the iteration fail.</summary>
    public static async ValueTask<bool> MayRunAsync(
        IList<Func<CancellationToken, ValueTask<bool>>> whileChecks,
        CallServices services,
        UserCalls calls,
        object subject,
        CancellationToken cancellationToken)
    {
        for (var n = 0; n < whileChecks.Count; n++) // enumerating a list through its interface would allocate
        {
            if (!await Call(whileChecks[n], "a While check", services, calls, subject, cancellationToken).ConfigureAwait(false))
                return false;
        }
        return true;
    }

    public static async ValueTask<bool> IsDoneAsync(
        IList<Func<CancellationToken, ValueTask<bool>>> untilChecks,
        CallServices services,
        UserCalls calls,
        object subject,
        Action<FaultKind, string, Exception?> fault,
        CancellationToken cancellationToken)
    {
        for (var n = 0; n < untilChecks.Count; n++)
        {
            try
            {
                var checking = Call(untilChecks[n], "an Until check", services, calls, subject, cancellationToken);
                if (await checking.ConfigureAwait(false))
                    return true;
            }
            catch (Exception error) // the iteration already has its outcome; a failing check does not end the loop
            {
                if (!Cancellation.IsCausedBy(error, cancellationToken))
                    fault(FaultKind.UntilCheckThrew, "An Until check threw; the loop goes on.", error);
            }
        }
        return false;
    }

    private static ValueTask<bool> Call(
        Func<CancellationToken, ValueTask<bool>> check,
        string name,
        CallServices services,
        UserCalls calls,
        object subject,
        CancellationToken cancellationToken)
    {
        using var entered = calls.Enter(name, subject);
        return ServiceCall<CancellationToken>.Find(check) is { } call
            ? call.RunAsync(services, cancellationToken)
            : check(cancellationToken);
    }
}
