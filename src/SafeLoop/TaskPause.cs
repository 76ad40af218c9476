namespace SafeLoop;

/// <summary>A pause: why, by whom, since and until when.</summary>
public sealed record TaskPause
{
    internal const string ByHand = "Paused by hand.";

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who paused it; null: unknown, or SafeLoop after failures.</summary>
    public string? By { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it ends by itself; null: when it is resumed.</summary>
    public DateTimeOffset? Until { get; init; }
}
