namespace SafeLoop.Testing;

/// <summary>Time is to pass until then, with everything that is due on the way.</summary>
/// <param name="target">The timestamp.</param>
/// <param name="atOnce">True: no code runs on the way.</param>
/// <param name="until">Ends it sooner, when it is completed; null: nothing does.</param>
internal sealed class VirtualMove(long target, bool atOnce, Task? until) : TaskCompletionSource(
    TaskCreationOptions.RunContinuationsAsynchronously)
{
    public long Target => target;

    public bool AtOnce => atOnce;

    public bool IsOver => until is { IsCompleted: true };

    /// <summary>Not checked yet.</summary>
    public bool IsNew { get; set; } = true;

    /// <summary>Who is waited for in real time at the moment, and since when.</summary>
    public (BusyTask? Busy, long Since) Wait { get; set; }

    /// <summary>The wait for the thread pool; null: there is none at the moment.</summary>
    public PoolWait? PoolWait { get; set; }
}
