namespace SafeLoop;

/// <summary>Receives the events of every loop. Register any number of observers with dependency injection.</summary>
/// <remarks>
/// SafeLoop's own logs and metrics are observers too. Observers are called on the loop's thread, as part of the iteration's
/// time: return quickly, do not block, do no I/O. With <see cref="Overlap.Allow"/>, and for one observer of many tasks, calls
/// are concurrent. An exception from an observer is logged and never affects the loop.
/// </remarks>
/// <example><code>
/// builder.Services.AddSingleton&lt;IRecurringTaskObserver, FailureCounter&gt;();
/// </code></example>
public interface IRecurringTaskObserver
{
    /// <summary>Called for each event of a loop, in order.</summary>
    /// <param name="loopEvent">The event. It is valid only during the call: copy what you need later.</param>
    void OnEvent(in LoopEvent loopEvent);
}
