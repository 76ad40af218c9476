namespace SafeLoop;

/// <summary>The keys of one task, as they are injected.</summary>
internal sealed class RecurringTaskKeys<TTask, TKey> : KeyedLoops<TKey>, IRecurringTaskKeys<TTask, TKey>
    where TTask : class, IRecurringTask<TKey>
    where TKey : notnull
{
    public RecurringTaskKeys(LoopEnvironment environment, RecurringTaskFactory factory)
        : base(environment, factory) => Handle = new RecurringTaskHandle(new KeyedTaskControl(this));

    public override RecurringTaskHandle Handle { get; }
}
