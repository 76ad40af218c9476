namespace SafeLoop.Tests;

/// <summary>What becomes of a call. After it is carried out, <see cref="Fail"/> and <see cref="Hang"/> lose its answer.</summary>
internal enum StoreCut
{
    None,

    /// <summary>Throws <see cref="StoreDownException"/>.</summary>
    Fail,

    /// <summary>Does not return until it is cancelled.</summary>
    Hang,
}
