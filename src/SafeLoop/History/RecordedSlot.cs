namespace SafeLoop;

/// <summary>A record in memory.</summary>
/// <param name="Record">The record.</param>
/// <param name="Extra">What it has beside.</param>
internal readonly record struct RecordedSlot(IterationRecord Record, RecordExtra Extra);
