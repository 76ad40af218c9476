namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>What a step has written to the database beside the store.</summary>
/// <param name="Task">The task.</param>
/// <param name="Slot">The slot in microseconds.</param>
/// <param name="Life">The process.</param>
/// <param name="Kind">What it is.</param>
/// <param name="At">When, by the clock of the database.</param>
internal sealed record StepRow(string Task, long Slot, string Life, StepKind Kind, long At);
