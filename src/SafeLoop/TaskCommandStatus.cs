namespace SafeLoop;

/// <summary>A command, its state so far, and its results.</summary>
public sealed record TaskCommandStatus
{
    /// <summary>The command.</summary>
    public required TaskCommand Command { get; init; }

    /// <summary>The host that has taken a command which one host executes; null: none has.</summary>
    public Guid? TakenBy { get; init; }

    /// <summary>True when more than <see cref="TaskCommand.ExpiresAfter"/> has passed, on the clock of the database.</summary>
    public bool IsExpired { get; init; }

    /// <summary>How it ended on each host, oldest first. Hosts that have not read it are missing.</summary>
    public IReadOnlyList<TaskCommandResult> Results { get; init; } = [];

    /// <summary>The state of the command.</summary>
    public TaskCommandState State =>
        Results.Any(IsFinal) ? TaskCommandState.Completed
        : TakenBy is not null ? TaskCommandState.Running
        : Results.Any(result => result.IsUnfit) ? TaskCommandState.Completed
        : IsExpired ? TaskCommandState.Expired
        : TaskCommandState.Waiting;

    /// <summary>
    /// The result in a few words, such as <c>Succeeded</c>, <c>Skipped (LockHeld)</c>, <c>paused (2 hosts)</c>, <c>expired</c>
    /// or <c>no such task on any host</c>; also why hosts have refused it, while others may still execute it.
    /// </summary>
    public string Text => State switch
    {
        TaskCommandState.Completed when Results.Any(IsFinal) => Describe(Results.Where(IsFinal)),
        TaskCommandState.Completed => Describe(Results.Where(result => result.IsUnfit)),
        TaskCommandState.Running => "running",
        TaskCommandState.Waiting when Results.All(IsWithoutLoop) => "waits for a host",
        TaskCommandState.Waiting => $"{Describe(Results.Where(result => !IsWithoutLoop(result)))}; waits for another host",
        _ when Results.Count == 0 => "expired",
        _ when Results.All(IsWithoutLoop) => $"{Results[0].Text} on any host",
        _ => Describe(Results),
    };

    // No other host takes a command that one has taken, not even when that host refuses it.
    private bool IsFinal(TaskCommandResult result) => result.IsExecuted || result.Instance == TakenBy;

    private static bool IsWithoutLoop(TaskCommandResult result) =>
        result.Text is TaskCommandResult.NoTask or TaskCommandResult.NoKey;

    private static string Describe(IEnumerable<TaskCommandResult> results) => string.Join("; ",
        from result in results
        group result by result.Text into same
        select same.Count() == 1 ? same.Key : $"{same.Key} ({same.Count()} hosts)");
}
