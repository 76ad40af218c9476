namespace SafeLoop.Terminal;

/// <summary>Tasks by name.</summary>
internal sealed record TaskList
{
    /// <summary>The tasks.</summary>
    public required IReadOnlyList<TaskLine> Tasks { get; init; }

    /// <summary>The hosts, the last started first; null: they come from an application, which knows its state itself.</summary>
    public IReadOnlyList<RecurringTaskInstance>? Instances { get; init; }

    /// <summary>What is missing and why, as sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
