using SafeLoop;

namespace DeviceInfo.View;

/// <summary>An iteration that has ended, or slots that were skipped, as an observer received it.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Record">How it ended.</param>
/// <param name="Error">What was thrown; null when nothing was.</param>
internal readonly record struct EndedIteration(string Task, IterationRecord Record, string? Error);
