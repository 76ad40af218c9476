using System.Globalization;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Passes what happens to the session of the store. It never waits.</summary>
internal sealed class StoreObserver(StoreSession session) : IOwnObserver
{
    public void OnEvent(in LoopEvent loopEvent)
    {
        if (loopEvent.Kind is LoopEventKind.IterationEnded)
            OnEnded(loopEvent);
    }

    private void OnEnded(in LoopEvent ended)
    {
        var record = ended.Record;
        var isKeyed = ended.Keyed is not null;
        session.Journal.Count(ended.TaskName, record, ended.ConsecutiveFailures, isKeyed);
        if (!isKeyed && !record.IsManual && session.Remembers(ended.TaskName))
            session.Record(ToEntry(ended));
        else if (record.Outcome is not IterationOutcome.Succeeded)
            session.Journal.Add(ToEntry(ended));
        if (isKeyed && (ended.ConsecutiveFailures > 0 || ended.FailuresBefore > 0))
            session.Journal.Set(ended.TaskName, TextOf(ended.Key)!, ToChange(ended));
    }

    // Exact, unlike the text in logs: it identifies the key.
    private static string? TextOf(object? key) => Convert.ToString(key, CultureInfo.InvariantCulture);

    private static HistoryEntry ToEntry(in LoopEvent ended) => new()
    {
        TaskName = ended.TaskName,
        Key = TextOf(ended.Key),
        Record = ended.Record,
        FirstSlot = ended.FirstSlot.ToNullable(),
        ErrorType = ended.Exception?.GetType().FullName,
        ErrorDetails = ended.Exception is { } error ? ErrorText.ReadDetails(error) : null,
    };

    private static LoopChange ToChange(in LoopEvent ended) => new()
    {
        IsForgotten = ended.ConsecutiveFailures == 0,
        Loop = new()
        {
            TaskName = ended.TaskName,
            Key = TextOf(ended.Key),
            LastEnded = ended.Record.Started + ended.Record.Elapsed,
            LastOutcome = ended.Record.Outcome,
            ConsecutiveFailures = ended.ConsecutiveFailures,
        },
    };
}
