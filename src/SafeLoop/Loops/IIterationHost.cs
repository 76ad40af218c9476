namespace SafeLoop;

/// <summary>The loop, as its iterations see it.</summary>
internal interface IIterationHost
{
    /// <summary>Sets the execution context in which iterations start: it contains the loop and nothing else.</summary>
    void EnterContext();

    /// <summary>Called when an iteration that awaited has completed, on the thread on which its await continued.</summary>
    void OnCompleted(RunningIteration iteration);

    /// <summary>
    /// Called when an iteration has not ended after its cancellation. Runs on its own thread, because the loop's may be blocked.
    /// </summary>
    void OnStuck(RunningIteration iteration);
}
