namespace SafeLoop;

/// <summary>All recurring tasks of the host. Inject it to inspect, control, add and remove tasks while the host runs.</summary>
/// <remarks>Registered tasks are found as soon as the host is built. They can be run by hand as soon as it is starting.</remarks>
/// <threadsafety>All members may be used from any thread.</threadsafety>
public interface IRecurringTasks
{
    /// <summary>
    /// The tasks at this moment, in the order in which they were added. A keyed task counts once, however many keys it has.
    /// </summary>
    IReadOnlyList<RecurringTaskHandle> All { get; }

    /// <summary>The task with this name, ignoring case.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="InvalidRecurringTaskException">
    /// The host has not started, and the registration of this task is invalid.
    /// </exception>
    RecurringTaskHandle this[string name] { get; }

    /// <summary>Finds the task with this name; null when there is none.</summary>
    /// <param name="name">The name, ignoring case.</param>
    RecurringTaskHandle? Find(string name);

    /// <summary>Adds a task with the same verbs as at start-up, and starts its loop if the host has started.</summary>
    /// <param name="name">A name no other task has.</param>
    /// <param name="configure">Gives it steps and a schedule.</param>
    /// <returns>Its handle.</returns>
    /// <exception cref="InvalidRecurringTaskException">The definition is invalid, or the name is taken. Nothing is
    /// added.</exception>
    /// <example>
    /// <code>
    /// tasks.Add("pollDevice7", task => task
    ///     .Step("poll", (iteration, ct) => PollAsync(7, ct))
    ///     .Every(TimeSpan.FromSeconds(5)));
    /// </code>
    /// </example>
    RecurringTaskHandle Add(string name, Action<IRecurringTaskBuilder> configure);

    /// <summary>
    /// Removes a task: its running iteration is cancelled (<see cref="OutcomeReason.Removed"/>) and its loop ends with <see
    /// cref="LoopEnd.Removed"/>.
    /// </summary>
    /// <param name="name">The name, ignoring case.</param>
    /// <returns>False when there is no task with this name.</returns>
    /// <exception cref="InvalidOperationException">The task is keyed: remove its keys.</exception>
    /// <remarks>
    /// Returns at once. A task added under the same name starts only when the loop of the old one has ended; await <see
    /// cref="RecurringTaskHandle.Completion"/> to know when.
    /// </remarks>
    bool Remove(string name);
}
