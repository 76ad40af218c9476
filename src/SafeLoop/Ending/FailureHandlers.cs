namespace SafeLoop;

/// <summary>Whoever wants to be told of each failure.</summary>
internal static class FailureHandlers
{
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
                fault("An OnFailure handler threw; the loop goes on.", error);
            }
        }
    }
}
