namespace SafeLoop;

/// <summary>A run of slots that have come due: how many, and the last of them.</summary>
internal readonly record struct DueSlots(long Count, Instant Latest);
