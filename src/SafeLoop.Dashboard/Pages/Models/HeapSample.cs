namespace SafeLoop.Dashboard;

/// <summary>The heap of this host at a moment.</summary>
/// <param name="At">When.</param>
/// <param name="Size">How many bytes it had in use.</param>
internal sealed record HeapSample(DateTimeOffset At, long Size);
