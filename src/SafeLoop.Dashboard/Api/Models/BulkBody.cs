namespace SafeLoop.Dashboard;

/// <summary>An operation on all tasks, or on all keys of a task, that match a filter.</summary>
internal sealed record BulkBody
{
    /// <summary>Identifies the operation. One that is sent again with the same id is carried out once; null: a new id.</summary>
    public Guid? Id { get; init; }

    /// <summary>What is to be done: any operation but a change.</summary>
    public TaskCommandKind? Kind { get; init; }

    /// <summary>Only tasks whose names contain this text; null: all. Not together with <see cref="Task"/>.</summary>
    public string? Text { get; init; }

    /// <summary>Only tasks in this state; null: all. Not together with <see cref="Task"/>.</summary>
    public RecurringTaskState? State { get; init; }

    /// <summary>The name of a keyed task, whose keys on this host are meant; null: tasks are meant.</summary>
    public string? Task { get; init; }

    /// <summary>Only keys whose texts begin so; null: all.</summary>
    public string? Prefix { get; init; }

    /// <summary>Only keys in this condition; null: all.</summary>
    public LoopFilter? KeyState { get; init; }

    /// <summary>Why, for the log of commands. Required.</summary>
    public string? Reason { get; init; }

    /// <summary>The end of a pause; null: when it is resumed.</summary>
    [System.Text.Json.Serialization.JsonConverter(typeof(InstantJsonConverter))]
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// The fingerprint of the list that a first call has answered. Without one, nothing is done: the answer is the list.
    /// </summary>
    public string? Fingerprint { get; init; }
}
