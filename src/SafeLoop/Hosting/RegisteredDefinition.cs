namespace SafeLoop;

/// <summary>A registered task.</summary>
/// <param name="Definition">Its name, its steps and how its options are read.</param>
/// <param name="Task">How it was registered.</param>
internal sealed record RegisteredDefinition(TaskDefinition Definition, RegisteredTask Task);
