using System.Globalization;

namespace SafeLoop;

/// <summary>Checks a query of the history, for the store and for memory.</summary>
internal static class QueryRules
{
    private const int MostEntries = 1000;

    /// <exception cref="ArgumentException">The query is invalid. The message is a sentence.</exception>
    public static void Check(HistoryQuery query)
    {
        PageRules.CheckSize(query.PageSize, MostEntries);
        if (FindMistake(query) is { } mistake)
            throw new ArgumentException(mistake, nameof(query));
    }

    private static string? FindMistake(HistoryQuery query) => query switch
    {
        { TaskName: { } name } when string.IsNullOrWhiteSpace(name) =>
            "TaskName is empty. Set it to the name of a task, or to null for all tasks.",
        { Key: not null, TaskName: null } =>
            $"Key '{Printable.Escape(query.Key)}' needs TaskName: different tasks may have the same key. Set both.",
        { From: { } from, To: { } to } when from >= to => string.Create(
            CultureInfo.InvariantCulture,
            $"From ({from:O}) is not before To ({to:O}), so no slot lies between them. Set To to a later instant."),
        { Outcome: IterationOutcome.None } =>
            "Outcome is None, in which no slot ends. Set it to null for all outcomes.",
        { Outcome: { } outcome } when !Enum.IsDefined(outcome) =>
            $"Outcome {(int)outcome} does not exist. Use one of {nameof(IterationOutcome)}.",
        { Reason: { } reason } when !Enum.IsDefined(reason) =>
            $"Reason {(int)reason} does not exist. Use one of {nameof(OutcomeReason)}.",
        { OnlyUnsuccessful: true, Outcome: IterationOutcome.Succeeded } =>
            "OnlyUnsuccessful leaves out the outcome Succeeded, which Outcome selects. Remove one of the two.",
        _ => null,
    };
}
