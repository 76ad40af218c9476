namespace SafeLoop;

/// <summary>Work that happens again and again for each of many keys: a device, a tenant, a file. Each key has a loop of its own.</summary>
/// <typeparam name="TKey">
/// Identifies a loop. Keys are compared with their own equality. Their <c>ToString</c> names them in logs and locks and
/// determines the phase of <c>Spread</c>, so it must differ between keys and be the same on every machine.
/// </typeparam>
/// <remarks>
/// Registered with <c>AddRecurringTask&lt;TTask, TKey&gt;()</c>, and keys are added and removed through <see cref="IRecurringTaskKeys{TTask, TKey}"/>.
/// By default every iteration gets a new instance from its own dependency-injection scope; with <c>AsSingleton()</c> all keys share one.
/// </remarks>
/// <example>
/// <code>
/// sealed class UpdateDevice(DeviceClient client) : IRecurringTask&lt;DeviceId&gt;
/// {
///     public ValueTask RunAsync(DeviceId key, Iteration iteration, CancellationToken cancellationToken) => client.UpdateAsync(key, cancellationToken);
/// }
/// </code>
/// </example>
public interface IRecurringTask<in TKey>
    where TKey : notnull
{
    /// <summary>Runs one iteration of the loop of one key.</summary>
    /// <param name="key">Whose loop it is.</param>
    /// <param name="iteration">This iteration. See <see cref="IRecurringTask.RunAsync"/>.</param>
    /// <param name="cancellationToken">Cancelled when the iteration should give up, also because its key was removed.</param>
    /// <returns>A task that ends with the iteration. Throwing makes the outcome <see cref="IterationOutcome.Failed"/>; the loop lives.</returns>
    ValueTask RunAsync(TKey key, Iteration iteration, CancellationToken cancellationToken);
}
