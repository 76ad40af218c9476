namespace SafeLoop;

/// <summary>Measures how long each step keeps the calling thread: until its first await, or its end.</summary>
internal interface IStepWatch
{
    void OnStepStarting();

    /// <param name="step">The step.</param>
    /// <param name="hasEnded">False when it awaits, so that it continues later.</param>
    void OnStepReturned(TaskStep step, bool hasEnded);

    /// <summary>Discards the last timestamp, because other code is called before the next step.</summary>
    void Forget();
}
