namespace SafeLoop;

/// <summary>The checks that end a loop: <c>While</c> before an iteration, <c>Until</c> after one.</summary>
internal static class LoopChecks
{
    /// <summary>Throws what a check throws: the iteration that cannot tell whether it may run has failed.</summary>
    public static async ValueTask<bool> MayRunAsync(IList<Func<CancellationToken, ValueTask<bool>>> whileChecks, CancellationToken cancellationToken)
    {
        foreach (var check in whileChecks)
        {
            if (!await check(cancellationToken).ConfigureAwait(false))
                return false;
        }
        return true;
    }

    public static async ValueTask<bool> IsDoneAsync(IList<Func<CancellationToken, ValueTask<bool>>> untilChecks, Action<string, Exception?> fault, CancellationToken cancellationToken)
    {
        foreach (var check in untilChecks)
        {
            try
            {
                if (await check(cancellationToken).ConfigureAwait(false))
                    return true;
            }
            catch (Exception error) // the iteration has its outcome already; a check that cannot tell does not end the loop
            {
                fault("An Until check threw; the loop goes on.", error);
            }
        }
        return false;
    }
}
