namespace SafeLoop;

/// <summary>How many keys a keyed task had at one moment, and in which states.</summary>
public sealed record KeyCounts
{
    /// <summary>All keys, including those whose loops have ended.</summary>
    public int Count { get; init; }

    /// <summary>Keys whose loops were running an iteration.</summary>
    public int Running { get; init; }

    /// <summary>Keys whose last iteration failed or timed out and whose loops have not ended.</summary>
    public int Failing { get; init; }

    /// <summary>
    /// Keys that are paused individually, by hand or after failures. A pause of the whole task does not count.
    /// </summary>
    public int Paused { get; init; }

    /// <summary>Keys whose loops have ended, except by removal or because the host stopped.</summary>
    public int Ended { get; init; }
}
