namespace SafeLoop.Tool;

/// <summary>A heap at one moment, and what is known about the process it is from.</summary>
internal sealed record Snapshot(HeapGraph Graph, SnapshotOrigin Origin);
