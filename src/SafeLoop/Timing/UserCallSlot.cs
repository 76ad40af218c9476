namespace SafeLoop;

/// <summary>The innermost call into users' code that one thread is in. Written by the thread alone.</summary>
internal sealed class UserCallSlot(Thread thread)
{
    private readonly WeakReference<Thread> _thread = new(thread);

    public bool IsAlive => _thread.TryGetTarget(out var target) && target.IsAlive;

    /// <summary>Counts calls and returns: a version that is seen twice was one call all the time.</summary>
    public long Version { get; set; }

    /// <summary>Null: the thread is in none.</summary>
    public UserCalls? Host { get; set; }

    public object? Callee { get; set; }

    public object? Subject { get; set; }
}
