namespace SafeLoop;

/// <summary>A change of the options of a task that a store keeps: what, why, by whom and since when.</summary>
public sealed record TaskChange
{
    /// <summary>The settings that differ from code and configuration, as JSON.</summary>
    public required string Options { get; init; }

    /// <summary>Why; null: no reason was given.</summary>
    public string? Reason { get; init; }

    /// <summary>Who changed them; null: unknown.</summary>
    public string? By { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>
    /// Identifies the options of code and configuration at that time. While a host has others, it drops the change. Null:
    /// unknown, so the change stays.
    /// </summary>
    public string? Fingerprint { get; init; }
}
