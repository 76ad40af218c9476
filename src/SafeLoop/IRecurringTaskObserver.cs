namespace SafeLoop;

/// <summary>Is told everything that happens to every loop. Register any number with dependency injection.</summary>
/// <remarks>
/// Logs and metrics are themselves observers, so what you see is what they see. Called on the loop's own thread, inside the
/// iteration's time: return quickly, do not block, do no I/O. With <see cref="Overlap.Allow"/>, and of one observer for many tasks,
/// calls come concurrently. An observer that throws is logged and can never break the loop.
/// </remarks>
/// <example><code>
/// builder.Services.AddSingleton&lt;IRecurringTaskObserver, FailureCounter&gt;();
/// </code></example>
public interface IRecurringTaskObserver
{
    /// <summary>Called for each event, in the order in which they happen to one loop.</summary>
    /// <param name="loopEvent">What happened. A view valid during the call: copy what you keep.</param>
    void OnEvent(in LoopEvent loopEvent);
}
