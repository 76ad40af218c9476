namespace SafeLoop;

/// <summary>A task as it was registered: its name, its steps, and how to read what code and configuration set now.</summary>
internal sealed record TaskDefinition(string Name, TaskSteps Steps, Func<RecurringTaskOptions> Read);
