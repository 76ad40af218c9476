using System.Diagnostics.CodeAnalysis;

namespace SafeLoop.Dashboard;

/// <summary>Removes the texts of errors that a user may not see: messages, stack traces and sentences with them.</summary>
/// <param name="isShown">True: the user may see them.</param>
internal sealed class ErrorFilter(bool isShown)
{
    /// <summary>What stands in the place of a text.</summary>
    public const string Hidden = "(hidden)";

    private const string Rejected = "rejected: ", NoAnswer = "the store did not answer";

    /// <summary>True when texts are shown.</summary>
    public bool IsShown => isShown;

    [return: NotNullIfNotNull(nameof(text))]
    public string? Filter(string? text) => isShown || text is null ? text : Hidden;

    public IterationRecord Filter(in IterationRecord record) => isShown || record.Error is null ? record : record with
    {
        Error = record.Outcome is IterationOutcome.Skipped ? record.Error : Hidden, // why a run by hand was refused is ours
    };

    public HistoryEntry Filter(HistoryEntry entry) => isShown ? entry : entry with
    {
        Record = Filter(entry.Record),
        ErrorDetails = Filter(entry.ErrorDetails),
    };

    public RecurringTaskSnapshot Filter(RecurringTaskSnapshot snapshot) => FilterErrors(
        snapshot.Change is null ? snapshot : snapshot with { Change = OptionSecrets.Hide(snapshot.Change) });

    private RecurringTaskSnapshot FilterErrors(RecurringTaskSnapshot snapshot) => isShown ? snapshot : snapshot with
    {
        Last = snapshot.Last is { } last ? Filter(last) : null,
        LastException = null,
        LastError = Filter(snapshot.LastError),
        RejectedChange = Filter(snapshot.RejectedChange),
    };

    public SlotExplanation Filter(SlotExplanation explanation) => isShown ? explanation : explanation with
    {
        Entry = explanation.Entry is { } entry ? Filter(entry) : null,
        Text = WithoutError(explanation),
    };

    /// <summary>
    /// Removes secrets of the options, and why a host has rejected a change: that may be the message of a validator of the
    /// application.
    /// </summary>
    public TaskCommandStatus Filter(TaskCommandStatus status) => FilterErrors(status with
    {
        Command = status.Command with { Options = OptionSecrets.Hide(status.Command.Options) },
    });

    private TaskCommandStatus FilterErrors(TaskCommandStatus status) => isShown ? status : status with
    {
        Results =
        [
            .. status.Results.Select(result => result.Text.StartsWith(Rejected, StringComparison.Ordinal)
                ? result with { Text = $"{Rejected}{Hidden}" }
                : result),
        ],
    };

    // The error follows the outcome in quotes. What comes after it is left out too: only the core knows where the error ends.
    private static string WithoutError(SlotExplanation explanation)
    {
        var text = explanation.Text;
        var isError = explanation.Entry?.Record is { Error: not null, Outcome: not IterationOutcome.Skipped };
        if (isError && text.IndexOf(" with '", StringComparison.Ordinal) is >= 0 and var start)
            return $"{text[..start]}.";
        var failure = text.IndexOf($"{NoAnswer} (", StringComparison.Ordinal);
        return failure >= 0 ? $"{text[..failure]}{NoAnswer}." : text;
    }
}
