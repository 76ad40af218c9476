namespace SafeLoop;

/// <summary>A slot that is to run as soon as the iteration before it has ended.</summary>
internal readonly record struct PendingRun(Instant Slot, ManualRun? Manual = null);
