namespace SafeLoop.Tests;

/// <summary>A slot that an instance runs.</summary>
internal sealed record MemoryClaim(DateTimeOffset Slot, Guid Instance, DateTimeOffset Since);
