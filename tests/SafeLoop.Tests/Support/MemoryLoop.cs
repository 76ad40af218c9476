using SafeLoop.Storage;

namespace SafeLoop.Tests;

/// <summary>The state of a loop, and the slots of it that run.</summary>
internal sealed class MemoryLoop(StoredLoop state)
{
    public StoredLoop State { get; set; } = state;

    public Dictionary<DateTimeOffset, MemoryClaim> Claims { get; } = [];

    public MemoryClaim? FindClaim(DateTimeOffset slot) => Claims.GetValueOrDefault(slot);
}
