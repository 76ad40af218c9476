namespace SafeLoop;

/// <summary>Calls the failure handlers of a task.</summary>
internal static class FailureHandlers
{
    /// <summary>Creates a work item that calls the handlers. No iteration waits for it.</summary>
    public static IThreadPoolWorkItem CreateWork(
        IList<Func<RecurringTaskFailure, ValueTask>> handlers,
        CallServices services,
        RecurringTaskFailure failure,
        UserCalls calls,
        object subject,
        Action<FaultKind, string, Exception?> fault) =>
        new WorkItem(() => _ = CallAllAsync(handlers, services, failure, calls, subject, fault).AsTask());

    public static async ValueTask CallAllAsync(
        IList<Func<RecurringTaskFailure, ValueTask>> handlers,
        CallServices services,
        RecurringTaskFailure failure,
        UserCalls calls,
        object subject,
        Action<FaultKind, string, Exception?> fault)
    {
        foreach (var handler in handlers)
        {
            try
            {
                await Call(handler, services, failure, calls, subject).ConfigureAwait(false);
            }
            catch (Exception error) // an exception from a handler does not change the outcome of the iteration
            {
                if (!Cancellation.IsCausedBy(error, failure.CancellationToken))
                    fault(FaultKind.FailureHandlerThrew, "An OnFailure handler threw; the loop goes on.", error);
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
        return ServiceCall<RecurringTaskFailure>.Find(handler) is { } call
            ? CompleteAsync(call.RunAsync(services, failure))
            : handler(failure);
    }

    private static async ValueTask CompleteAsync(ValueTask<bool> running) => await running.ConfigureAwait(false);
}
