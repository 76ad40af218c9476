namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>What a process has of a task.</summary>
/// <param name="Life">The process.</param>
/// <param name="Task">The task.</param>
/// <param name="IsPaused">True: it is paused.</param>
/// <param name="IsChanged">True: it has the change.</param>
internal readonly record struct TaskState(string Life, string Task, bool IsPaused, bool IsChanged);
