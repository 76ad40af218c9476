namespace SafeLoop.Dashboard;

/// <summary>What the page of the keys of a task shows.</summary>
internal sealed record KeysModel
{
    public required string Task { get; init; }

    /// <summary>How many keys are in which condition; null: the task runs on another host.</summary>
    public KeyCounts? Counts { get; init; }

    public required KeyPage Page { get; init; }

    public required KeySelection Show { get; init; }

    public string? Prefix { get; init; }

    public string? Cursor { get; init; }

    /// <summary>True when the viewer may be allowed to operate them: the application allows operations.</summary>
    public bool HasOperations { get; init; }

    /// <summary>The page that operates all of them.</summary>
    public string Bulk => BulkModel.To(new()
    {
        Task = Task,
        Prefix = Prefix,
        KeyState = Enum.TryParse<LoopFilter>(Show.ToString(), out var filter) ? filter : null,
    });

    public string To(KeySelection show, string? cursor = null) => Link.To(
        "keys",
        ("task", Task),
        ("show", show is KeySelection.All ? null : show.ToString()),
        ("prefix", Prefix),
        ("cursor", cursor));
}
