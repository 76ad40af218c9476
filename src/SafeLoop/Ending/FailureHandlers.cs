namespace SafeLoop;

/// <summary>Whoever wants to be told of each failure.</summary>
internal static class FailureHandlers
{
    /// <summary>Tells them as work of its own, for which nobody waits.</summary>
    public static IThreadPoolWorkItem Telling(
        IList<Func<RecurringTaskFailure, ValueTask>> handlers,
        CallServices services,
        RecurringTaskFailure failure,
        UserCalls calls,
        object subject,
        Action<string, Exception?> fault) =>
        new Work(() => _ = TellAsync(handlers, services, failure, calls, subject, fault).AsTask());

    public static async ValueTask TellAsync(
        IList<Func<RecurringTaskFailure, ValueTask>> handlers,
        CallServices services,
        RecurringTaskFailure failure,
        UserCalls calls,
        object subject,
        Action<string, Exception?> fault)
    {
        foreach (var handler in handlers)
        {
            try
            {
                await Call(handler, services, failure, calls, subject).ConfigureAwait(false);
            }
            catch (Exception error) // a handler that fails does not make the failure worse
            {
                if (!Cancellation.Explains(error, failure.CancellationToken))
                    fault("An OnFailure handler threw; the loop goes on.", error);
            }
        }
    }

    private static ValueTask Call(
        Func<RecurringTaskFailure, ValueTask> handler,
        CallServices services,
        RecurringTaskFailure failure,
        UserCalls calls,
        object subject)
    {
        using var entered = calls.Enter("an OnFailure handler", subject);
        return ServiceCall<RecurringTaskFailure>.Of(handler) is { } call ? CompleteAsync(call.RunAsync(services, failure)) : handler(failure);
    }

    private static async ValueTask CompleteAsync(ValueTask<bool> running) => await running.ConfigureAwait(false);

    private sealed class Work(Action act) : IThreadPoolWorkItem
    {
        public void Execute() => act();
    }
}
