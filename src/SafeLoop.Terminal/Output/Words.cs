using SafeLoop.Dashboard;

namespace SafeLoop.Terminal;

/// <summary>Values as tables show them.</summary>
internal static class Words
{
    public static string Of(RecurringTaskState? state) =>
        state is { } known ? OutcomeWords.Describe(known) : "unknown";

    public static string Of(IterationOutcome? outcome) =>
        outcome is null or IterationOutcome.None ? "" : OutcomeWords.Describe(outcome.Value);

    /// <summary>An outcome with its reason, and how many slots it covers.</summary>
    public static string Of(IterationRecord record) =>
        OutcomeWords.Describe(record.Outcome, record.Reason)
        + (record.Count > 1 ? $" ({TimeText.Count(record.Count)} slots)" : "");

    public static string Of(DaylightReason reason) => reason switch
    {
        DaylightReason.None => "",
        DaylightReason.ShiftedToGapEnd => "its local time is skipped, so it runs when the gap ends",
        DaylightReason.Shifted => "its local time is skipped, so it runs later by the length of the gap",
        DaylightReason.FirstPass => "its local time occurs twice; this is the first",
        DaylightReason.SecondPass => "its local time occurs twice; this is the second",
        _ => reason.ToString(),
    };

    /// <summary>The state, and why it is so.</summary>
    public static string Of(TaskLine task) => task switch
    {
        { Pause: { } pause, State: RecurringTaskState.Paused } => $"{Of(task.State)}: {Of(pause)}",
        { Pause: { } pause } => $"{Of(task.State)}, {Of(RecurringTaskState.Paused)}: {Of(pause)}",
        { StateReason: { } reason } => $"{Of(task.State)}: {reason}",
        _ => Of(task.State),
    };

    private static string Of(TaskPause pause) => pause.Reason + (pause.By is { } by ? $" (by {by})" : "");
}
