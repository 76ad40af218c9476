namespace SafeLoop;

/// <summary>Work that runs repeatedly for each of many keys: a device, a tenant, a file. Each key has its own loop.</summary>
/// <typeparam name="TKey">
/// Identifies a loop. Keys are compared with their own equality. Their <c>ToString</c> names them in logs and locks and
/// determines the phase of <c>Spread</c>, so it must differ between keys and be the same on every machine.
/// </typeparam>
/// <remarks>
/// Register it with <c>AddRecurringTask&lt;TTask, TKey&gt;()</c>. Add and remove keys with <see cref="IRecurringTaskKeys{TTask,
/// TKey}"/>. By default every iteration gets a new instance from its own dependency-injection scope; with <c>AsSingleton()</c>
/// all keys share one instance.
/// </remarks>
/// <example>
/// <code>
/// sealed class UpdateDevice(DeviceClient client) : IRecurringTask&lt;DeviceId&gt;
/// {
///     public ValueTask RunAsync(DeviceId key, Iteration iteration, CancellationToken cancellationToken) =>
///         client.UpdateAsync(key, cancellationToken);
/// }
/// </code>
/// </example>
public interface IRecurringTask<in TKey>
    where TKey : notnull
{
    /// <summary>Runs one iteration of the loop of one key.</summary>
    /// <param name="key">The key of the loop.</param>
    /// <param name="iteration">This iteration. See <see cref="IRecurringTask.RunAsync"/>.</param>
    /// <param name="cancellationToken">Cancelled when the iteration should stop, also because its key was removed.</param>
    /// <returns>
    /// A task that ends with the iteration. An exception makes the outcome <see cref="IterationOutcome.Failed"/>; the loop
    /// continues.
    /// </returns>
    ValueTask RunAsync(TKey key, Iteration iteration, CancellationToken cancellationToken);
}
