namespace SafeLoop;

/// <summary>A series of due slots: their number and the last of them.</summary>
internal readonly record struct DueSlots(long Count, Instant Latest);
