namespace SafeLoop;

/// <summary>Whoever wants to be told of each failure.</summary>
internal static class FailureHandlers
{
    /// <summary>Tells them as work of its own, for which nobody waits.</summary>
    public static IThreadPoolWorkItem Telling(IList<Func<RecurringTaskFailure, ValueTask>> handlers, RecurringTaskFailure failure, Action<string, Exception?> fault) =>
        new Work(() => _ = TellAsync(handlers, failure, fault).AsTask());

    public static async ValueTask TellAsync(IList<Func<RecurringTaskFailure, ValueTask>> handlers, RecurringTaskFailure failure, Action<string, Exception?> fault)
    {
        foreach (var handler in handlers)
        {
            try
            {
                await handler(failure).ConfigureAwait(false);
            }
            catch (Exception error) // a handler that fails does not make the failure worse
            {
                if (!Cancellation.Explains(error, failure.CancellationToken))
                    fault("An OnFailure handler threw; the loop goes on.", error);
            }
        }
    }

    private sealed class Work(Action act) : IThreadPoolWorkItem
    {
        public void Execute() => act();
    }
}
