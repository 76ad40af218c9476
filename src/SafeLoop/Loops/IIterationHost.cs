namespace SafeLoop;

/// <summary>The loop, as its iterations see it.</summary>
internal interface IIterationHost
{
    /// <summary>Sets the execution context in which iterations start: it contains the loop and nothing else.</summary>
    void EnterContext();

    /// <summary>An iteration that awaited has completed. On the step's thread, where an ended await goes on anyway.</summary>
    void OnCompleted(RunningIteration iteration);

    /// <summary>
    /// An iteration does not end although it was cancelled. On a thread of its own, because the loop's may be blocked.
    /// </summary>
    void OnStuck(RunningIteration iteration);
}
