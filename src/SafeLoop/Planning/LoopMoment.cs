namespace SafeLoop;

/// <summary>A moment on the loop's clock and on the monotonic one.</summary>
internal readonly record struct LoopMoment(Instant Now, long Timestamp);
