namespace SafeLoop;

/// <summary>Work that happens again and again: one call of <see cref="RunAsync"/> is one iteration.</summary>
/// <remarks>
/// By default every iteration gets a new instance from its own dependency-injection scope;
/// <c>AsSingleton()</c> keeps one instance for the life of the loop. Never call or await the next
/// iteration from here: the runner does, in one <c>while</c> loop, so nothing of this iteration is kept.
/// </remarks>
/// <example>
/// <code>
/// sealed class UpdateDeviceInfo(DeviceStore store) : IRecurringTask
/// {
///     public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) => store.RefreshAsync(cancellationToken);
/// }
/// </code>
/// </example>
public interface IRecurringTask
{
    /// <summary>Runs one iteration.</summary>
    /// <param name="iteration">This iteration: its slot, number, services, and what it may ask of the loop. Valid until the returned task ends.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the iteration should give up: the host stops, the time limit passed, the lock was lost, the task was
    /// removed, or a newer run replaces this one. Valid until the returned task ends.
    /// </param>
    /// <returns>A task that ends with the iteration. Throwing makes the outcome <see cref="IterationOutcome.Failed"/>; the loop lives.</returns>
    ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken);
}
