namespace SafeLoop.Tests;

/// <summary>What a step that obeys its token awaits.</summary>
internal static class Cancelled
{
    /// <summary>
    /// Ends cancelled, within the call that cancels the token; <c>Task.Delay</c> would go on in the thread pool.
    /// </summary>
    public static async ValueTask By(CancellationToken token)
    {
        var gate = new TaskCompletionSource();
        using (token.UnsafeRegister(static gate => ((TaskCompletionSource)gate!).SetResult(), gate))
            await gate.Task.ConfigureAwait(false);
        throw new OperationCanceledException(token);
    }
}
