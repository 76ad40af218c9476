namespace SafeLoop;

/// <summary>The keys of one task, as they are injected.</summary>
internal sealed class RecurringTaskKeys<TTask, TKey>(LoopEnvironment environment, RecurringTaskFactory factory)
    : KeyedLoops<TKey>(environment, factory), IRecurringTaskKeys<TTask, TKey>
    where TTask : class, IRecurringTask<TKey>
    where TKey : notnull;
