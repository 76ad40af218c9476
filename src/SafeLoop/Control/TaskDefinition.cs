namespace SafeLoop;

/// <summary>A task as it was registered: its name, its steps, and its options as code and configuration set them.</summary>
internal sealed record TaskDefinition(string Name, TaskSteps Steps, RecurringTaskOptions Options);
