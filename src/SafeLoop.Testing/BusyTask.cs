namespace SafeLoop.Testing;

/// <summary>A task that is at work: only its own code can end that.</summary>
/// <param name="Task">The task.</param>
/// <param name="Loop">Its loop, or that of one of its keys.</param>
/// <param name="Iteration">Its iteration; null: its loop is about to start.</param>
/// <param name="IsStirred">It was cancelled and may be about to notice: worth a moment, not the whole limit.</param>
internal readonly record struct BusyTask(RecurringTask Task, LoopRunner Loop, RunningIteration? Iteration, bool IsStirred);
