namespace SafeLoop;

/// <summary>A page of the log of commands, newest first.</summary>
public sealed record TaskCommandPage
{
    /// <summary>The commands.</summary>
    public required IReadOnlyList<TaskCommandStatus> Commands { get; init; }

    /// <summary>The cursor of the next page; null: this is the last one.</summary>
    public string? Cursor { get; init; }
}
