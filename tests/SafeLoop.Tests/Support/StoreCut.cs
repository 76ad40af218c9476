namespace SafeLoop.Tests;

/// <summary>What becomes of a call. After it is carried out, the others lose its answer.</summary>
internal enum StoreCut
{
    None,

    /// <summary>Throws <see cref="StoreDownException"/>.</summary>
    Fail,

    /// <summary>Does not return until it is cancelled.</summary>
    Hang,

    /// <summary>Never returns, and ignores that it is cancelled.</summary>
    Ignore,
}
