namespace SafeLoop;

/// <summary>
/// The builder of a keyed task. It carries the type of the keys, so that verbs such as <c>Every(key => …)</c> infer it.
/// </summary>
/// <typeparam name="TKey">The type of the task's keys.</typeparam>
/// <remarks>Not thread-safe, like the service collection it writes to.</remarks>
/// <example>
/// <code>
/// builder.Services.AddRecurringTask&lt;UpdateDevice, Device&gt;().Every(device => device.Period).Spread();
/// </code>
/// </example>
public interface IRecurringTaskBuilder<TKey> : IRecurringTaskBuilder
    where TKey : notnull;
