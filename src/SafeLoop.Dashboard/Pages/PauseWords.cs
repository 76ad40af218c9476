namespace SafeLoop.Dashboard;

/// <summary>Writes a pause as a sentence: who, when, why and until when.</summary>
internal static class PauseWords
{
    public static string Describe(RecurringTaskSnapshot snapshot, PageTimes times)
    {
        if (snapshot.Pause is not { } pause)
            return $"is paused: {snapshot.StateReason ?? "no reason is known."}";
        var by = pause.By is { } who ? $" by {who}" : "";
        var until = pause.Until is { } end ? $" It resumes {times.Relative(end)}." : "";
        return $"was paused{by} {times.Relative(pause.Since)}: {pause.Reason}{until}";
    }
}
