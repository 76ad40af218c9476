namespace SafeLoop.Dashboard;

/// <summary>What the page of an operation on many shows.</summary>
internal sealed record BulkModel
{
    /// <summary>The filter, and what was entered.</summary>
    public required BulkBody Body { get; init; }

    public required TaskCommandKind Kind { get; init; }

    /// <summary>What matches; null: too much.</summary>
    public BulkResult? List { get; init; }

    /// <summary>Why nothing was done, as a sentence; null: nothing was asked for.</summary>
    public string? Mistake { get; init; }

    /// <summary>The commands of an operation that was sent a moment ago, newest first; null: none was.</summary>
    public IReadOnlyList<TaskCommandStatus>? Sent { get; init; }

    /// <summary>What is operated, in words.</summary>
    public string Subject => Body.Task is null ? "task" : "key";

    /// <summary>The page from which this one comes.</summary>
    public string Back => Body.Task is null
        ? Link.To(Link.Overview, ("text", Body.Text), ("state", Body.State?.ToString()))
        : Link.To("keys", ("task", Body.Task), ("show", ShowOf(Body.KeyState)), ("prefix", Body.Prefix));

    /// <summary>This page, with the same filter.</summary>
    public static string To(BulkBody body, TaskCommandKind? kind = null, Guid? sent = null) => Link.To(
        "bulk",
        ("task", body.Task),
        ("prefix", body.Prefix),
        ("keys", body.KeyState is null or LoopFilter.All ? null : body.KeyState.ToString()),
        ("text", body.Text),
        ("state", body.State?.ToString()),
        ("kind", kind?.ToString()),
        ("sent", sent?.ToString()));

    private static string? ShowOf(LoopFilter? filter) => filter is null or LoopFilter.All ? null : filter.ToString();
}
