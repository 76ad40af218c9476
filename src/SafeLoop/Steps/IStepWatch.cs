namespace SafeLoop;

/// <summary>Measures how long each step uses the calling thread: until its first incomplete await, or its end.</summary>
internal interface IStepWatch
{
    void OnStepStarting();

    /// <param name="step">The step.</param>
    /// <param name="hasEnded">False when the step awaits and continues later.</param>
    void OnStepReturned(TaskStep step, bool hasEnded);

    /// <summary>Discards the last timestamp, because other code runs before the next step.</summary>
    void DiscardTimestamp();
}
