namespace SafeLoop;

/// <summary>A request to a recurring task, sent to any host and executed by all hosts or by one.</summary>
/// <remarks>Send it with <see cref="IRecurringTaskCommands"/>.</remarks>
public sealed record TaskCommand
{
    /// <summary>A random id. A command that is sent again with the same id is stored and executed once.</summary>
    /// <value>The default is a new one.</value>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>Its place in the order of all commands, set by the store; 0 before.</summary>
    public long Number { get; init; }

    /// <summary>The name of the task; capitals do not matter.</summary>
    public required string TaskName { get; init; }

    /// <summary>The text of the key, as <see cref="HistoryEntry.Key"/> has it; null: the task.</summary>
    public string? Key { get; init; }

    /// <summary>What to do.</summary>
    public required TaskCommandKind Kind { get; init; }

    /// <summary>Why, in at most 1,000 characters; null: no reason was given.</summary>
    public string? Reason { get; init; }

    /// <summary>Who sent it, in at most 200 characters; null: unknown.</summary>
    public string? By { get; init; }

    /// <summary>The end of a pause, in the future; null: when the task is resumed.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// For <see cref="TaskCommandKind.Change"/>: settings as in configuration, such as
    /// <c>{ "Every": "00:00:05", "Lock": { "Name": "prices" } }</c>, in at most 4,000 characters. They apply over code and
    /// configuration, and replace an earlier change as a whole. Null or <c>{}</c> drops it.
    /// </summary>
    public string? Options { get; init; }

    /// <summary>
    /// How long it waits for a host. A run that no host has taken by then does not begin any more. Other commands are executed
    /// later too, but are reported as expired until then.
    /// </summary>
    /// <value>More than zero, at most 7 days. The default is one minute.</value>
    public TimeSpan ExpiresAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>When it was sent, on the clock of the database; set by the store.</summary>
    public DateTimeOffset Sent { get; init; }

    /// <summary>
    /// For a change, identifies the options of code and configuration that it applies over; null: unknown. Set by SafeLoop.
    /// </summary>
    public string? Fingerprint { get; init; }

    /// <summary>
    /// The host that has executed it before it was stored, such as a pause by a handle; empty: none has. Set by SafeLoop.
    /// </summary>
    public Guid Instance { get; init; }
}
