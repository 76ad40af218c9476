namespace SafeLoop.Tests;

/// <summary>What happens to one call of a <see cref="MemoryShardStore"/>.</summary>
internal enum StoreFault
{
    None,

    /// <summary>It throws, and changes nothing.</summary>
    Throws,

    /// <summary>It makes the change, and throws: the answer was lost.</summary>
    LosesAnswer,

    /// <summary>Does not answer until <see cref="MemoryShardStore.Thaw"/>. It makes its change then, even if cancelled.</summary>
    Hangs,
}
