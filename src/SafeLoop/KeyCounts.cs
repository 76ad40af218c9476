namespace SafeLoop;

/// <summary>How many keys of a keyed task there were at one moment, and in what state.</summary>
public sealed record KeyCounts
{
    internal KeyCounts()
    {
    }

    /// <summary>All keys, those included whose loops have ended by themselves.</summary>
    public required int Count { get; init; }

    /// <summary>Those whose loops were running an iteration.</summary>
    public int Running { get; init; }

    /// <summary>Those whose last iteration failed or timed out, and whose loops have not ended.</summary>
    public int Failing { get; init; }

    /// <summary>
    /// Those that were paused by themselves, by hand or after failures. A pause of the whole task does not count.
    /// </summary>
    public int Paused { get; init; }

    /// <summary>Those whose loops have ended by themselves, for whatever reason.</summary>
    public int Ended { get; init; }
}
