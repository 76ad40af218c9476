namespace SafeLoop;

/// <summary>Work that runs repeatedly: one call of <see cref="RunAsync"/> is one iteration.</summary>
/// <remarks>
/// By default every iteration gets a new instance from its own dependency-injection scope; <c>AsSingleton()</c> uses one
/// instance for the life of the loop. Do not start the next iteration from here: the loop does.
/// </remarks>
/// <example>
/// <code>
/// sealed class UpdateDeviceInfo(DeviceStore store) : IRecurringTask
/// {
///     public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) =>
///         store.RefreshAsync(cancellationToken);
/// }
/// </code>
/// </example>
public interface IRecurringTask
{
    /// <summary>Runs one iteration.</summary>
    /// <param name="iteration">
    /// The iteration: its slot, number, services, and methods to control the loop. Valid until the returned task ends.
    /// </param>
    /// <param name="cancellationToken">
    /// Cancelled when the iteration should give up: the host stops, the time limit passed, the lock was lost, the task was
    /// removed, or a newer run replaces this one. Valid until the returned task ends.
    /// </param>
    /// <returns>
    /// A task that ends with the iteration. An exception makes the outcome <see cref="IterationOutcome.Failed"/>; the loop
    /// continues.
    /// </returns>
    ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken);
}
