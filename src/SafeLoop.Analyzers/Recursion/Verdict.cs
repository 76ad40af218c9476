namespace SafeLoop.Analyzers.Recursion;

/// <summary>What a call to itself amounts to.</summary>
internal enum Verdict
{
    /// <summary>A walk through data, a parser, a single second try: legitimate, or not ours to judge.</summary>
    None,

    /// <summary>SLP001: it repeats for as long as it likes, and every iteration is kept.</summary>
    Repeats,

    /// <summary>SLP003: it repeats without being awaited.</summary>
    Restarts,

    /// <summary>SLP004: it tries again; nothing says for how often.</summary>
    Retries,

    /// <summary>SLP004: it tries again until a member, a captured variable or the clock says stop.</summary>
    RetriesWithinLimit,
}
