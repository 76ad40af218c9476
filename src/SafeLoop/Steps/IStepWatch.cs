namespace SafeLoop;

/// <summary>Measures for how long each step keeps the thread it is called on: until it first awaits, or ends.</summary>
internal interface IStepWatch
{
    void OnStepStarting();

    /// <param name="step">Which.</param>
    /// <param name="hasEnded">False: it awaits, and goes on elsewhere.</param>
    void OnStepReturned(TaskStep step, bool hasEnded);

    /// <summary>Something else is called: what was known of the time is of no use.</summary>
    void Forget();
}
