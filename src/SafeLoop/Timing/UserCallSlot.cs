namespace SafeLoop;

/// <summary>The calls into user code on the stack of one thread, outermost first. Only that thread writes it.</summary>
internal sealed class UserCallSlot(Thread thread)
{
    private readonly WeakReference<Thread> _thread = new(thread);
    private UserCallFrame[] _frames = new UserCallFrame[4];
    private int _depth;
    private long _version;

    public bool IsAlive => _thread.TryGetTarget(out var target) && target.IsAlive;

    public void Push(UserCalls host, object callee, object subject)
    {
        if (_depth == _frames.Length)
            Array.Resize(ref _frames, 2 * _depth);
        ref var frame = ref _frames[_depth++];
        frame.Version = ++_version;
        (frame.Callee, frame.Subject, frame.Host) = (callee, subject, host);
    }

    /// <summary>Replaces the innermost call by the next callee for the same subject.</summary>
    public void Replace(object callee)
    {
        ref var frame = ref _frames[_depth - 1];
        (frame.Version, frame.Callee) = (++_version, callee);
    }

    public void Pop() => _frames[--_depth] = default;

    /// <summary>
    /// Reads the current calls of one host, from another thread. A call that is being written may be missing.
    /// </summary>
    public IEnumerable<UserCallFrame> Read(UserCalls host)
    {
        foreach (var frame in Volatile.Read(ref _frames))
        {
            if (frame is { Callee: not null, Subject: not null } && frame.Host == host)
                yield return frame;
        }
    }
}
