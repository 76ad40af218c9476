namespace SafeLoop;

/// <summary>A registered task.</summary>
/// <param name="Definition">Its name, its steps and how its options are read.</param>
/// <param name="Keys">Finds the loops of a keyed task; null: it has no keys.</param>
internal sealed record RegisteredDefinition(TaskDefinition Definition, Func<IServiceProvider, KeyedLoops>? Keys);
