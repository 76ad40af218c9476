namespace SafeLoop;

/// <summary>Whoever wants to be told of each failure.</summary>
internal static class FailureHandlers
{
    /// <summary>Tells them as work of its own, for which nobody waits.</summary>
    public static IThreadPoolWorkItem Telling(
        IList<Func<RecurringTaskFailure, ValueTask>> handlers, RecurringTaskFailure failure, UserCalls calls, object subject, Action<string, Exception?> fault) =>
        new Work(() => _ = TellAsync(handlers, failure, calls, subject, fault).AsTask());

    public static async ValueTask TellAsync(
        IList<Func<RecurringTaskFailure, ValueTask>> handlers, RecurringTaskFailure failure, UserCalls calls, object subject, Action<string, Exception?> fault)
    {
        foreach (var handler in handlers)
        {
            try
            {
                await Call(handler, failure, calls, subject).ConfigureAwait(false);
            }
            catch (Exception error) // a handler that fails does not make the failure worse
            {
                if (!Cancellation.Explains(error, failure.CancellationToken))
                    fault("An OnFailure handler threw; the loop goes on.", error);
            }
        }
    }

    private static ValueTask Call(Func<RecurringTaskFailure, ValueTask> handler, RecurringTaskFailure failure, UserCalls calls, object subject)
    {
        using var call = calls.Enter("an OnFailure handler", subject);
        return handler(failure);
    }

    private sealed class Work(Action act) : IThreadPoolWorkItem
    {
        public void Execute() => act();
    }
}
