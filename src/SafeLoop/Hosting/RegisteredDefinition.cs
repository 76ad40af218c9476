namespace SafeLoop;

/// <summary>A registered task with its definition.</summary>
/// <param name="Definition">The name, the steps and how the options are read.</param>
/// <param name="Task">The registration.</param>
internal sealed record RegisteredDefinition(TaskDefinition Definition, RegisteredTask Task);
