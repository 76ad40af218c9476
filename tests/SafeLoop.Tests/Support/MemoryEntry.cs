namespace SafeLoop.Tests;

/// <summary>A row of history.</summary>
internal sealed record MemoryEntry(long Id, MemoryTask Task, HistoryEntry Entry, DateTimeOffset Saved);
