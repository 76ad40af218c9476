namespace SafeLoop;

/// <summary>
/// A task as it was registered: its name, its steps, and how to read, by its name, what code and configuration set now.
/// </summary>
internal sealed record TaskDefinition(string Name, TaskSteps Steps, Func<string, RecurringTaskOptions> Read);
