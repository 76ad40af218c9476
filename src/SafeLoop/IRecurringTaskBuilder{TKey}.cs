namespace SafeLoop;

/// <summary>A keyed task being registered. It knows the type of its keys, so verbs that take a delegate of a key infer it.</summary>
/// <typeparam name="TKey">The type of the task's keys.</typeparam>
/// <remarks>Not thread-safe, like the service collection it writes to.</remarks>
/// <example>
/// <code>
/// builder.Services.AddRecurringTask&lt;UpdateDevice, Device&gt;().Every(device => device.Period).Spread();
/// </code>
/// </example>
public interface IRecurringTaskBuilder<TKey> : IRecurringTaskBuilder
    where TKey : notnull;
