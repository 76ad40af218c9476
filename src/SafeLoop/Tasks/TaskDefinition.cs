namespace SafeLoop;

/// <summary>
/// A task as it was registered: its name, its steps, and a delegate that reads its options from code and configuration by name.
/// </summary>
internal sealed record TaskDefinition(string Name, TaskSteps Steps, Func<string, RecurringTaskOptions> Read);
