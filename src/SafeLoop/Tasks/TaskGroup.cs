namespace SafeLoop;

/// <summary>A recurring task of the host: its definition and its loop, or one loop per key.</summary>
/// <remarks>Thread-safe.</remarks>
internal abstract class TaskGroup
{
    public abstract string Name { get; }

    /// <summary>The definition in force.</summary>
    public abstract RecurringTask Task { get; }

    /// <summary>When this host registered it; none for the loop of a single key.</summary>
    public abstract Instant RegisteredAt { get; }

    /// <summary>The handle for users, of the task as a whole.</summary>
    public abstract RecurringTaskHandle Handle { get; }

    /// <summary>True when its schedule waits for the application to start.</summary>
    public abstract bool IsHeld { get; }

    /// <summary>
    /// The loops that have a control of their own: the one of an ordinary task, and keys whose handles were used.
    /// </summary>
    public abstract IReadOnlyList<TaskLoop> Loops { get; }

    /// <summary>The iterations that are running, with their loops.</summary>
    public abstract IEnumerable<(LoopRunner Loop, RunningIteration Iteration)> Running { get; }

    /// <summary>Starts the loops, unless they have started or were stopped.</summary>
    /// <param name="before">The loops that must have ended first.</param>
    public abstract void StartFirst(params IReadOnlyCollection<LoopRunner> before);

    /// <summary>Begins schedules that have waited for the application to start.</summary>
    public abstract void Begin();

    /// <summary>Stops the loops with the host.</summary>
    public abstract void StopWithHost(StopRequest request);

    /// <summary>Completes when all loops have ended, except loops whose steps wait for this task.</summary>
    public abstract Task CompletionWithout(LoopRunner[] waiting);

    /// <summary>Reads a value for the gauges.</summary>
    /// <returns>Null when this kind of task does not have the value, or has none at present.</returns>
    public abstract double? Measure(TaskMeasure measure);

    /// <summary>Reads the options again, and applies them if code or configuration has changed them.</summary>
    /// <exception cref="InvalidRecurringTaskException">The options are invalid; the old ones stay in force.</exception>
    public abstract void Reload(Func<RecurringTaskOptions, RecurringTaskOptions, bool> areSame);

    /// <summary>Reports a configuration that cannot be used. A later reload clears it; a change by hand does not.</summary>
    public abstract void Reject(string problems);
}
