namespace SafeLoop;

/// <summary>The innermost call into user code that one thread is in. Only that thread writes it.</summary>
internal sealed class UserCallSlot(Thread thread)
{
    private readonly WeakReference<Thread> _thread = new(thread);

    public bool IsAlive => _thread.TryGetTarget(out var target) && target.IsAlive;

    /// <summary>Counts calls and returns. When two checks see the same version, they saw the same call.</summary>
    public long Version { get; set; }

    /// <summary>Null when the thread is in no call.</summary>
    public UserCalls? Host { get; set; }

    public object? Callee { get; set; }

    public object? Subject { get; set; }
}
