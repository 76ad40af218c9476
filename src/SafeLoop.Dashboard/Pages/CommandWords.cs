namespace SafeLoop.Dashboard;

/// <summary>Commands in words.</summary>
internal static class CommandWords
{
    public static string Describe(TaskCommandKind kind) => kind switch
    {
        TaskCommandKind.RunNow => "Run now",
        TaskCommandKind.Cancel => "Cancel the running iteration",
        TaskCommandKind.Change => "Change of options",
        TaskCommandKind.Erase => "Erasure of a key",
        _ => kind.ToString(),
    };

    /// <summary>The class that colours a state.</summary>
    public static string Class(TaskCommandStatus status) => status.State switch
    {
        TaskCommandState.Completed => status.Results.All(result => result.IsExecuted) ? "ok" : "late",
        TaskCommandState.Expired => "fail",
        TaskCommandState.Running => "state-running",
        _ => "none",
    };
}
