namespace SafeLoop;

/// <summary>The calls into user code that one thread is in, outermost first. Written by that thread alone.</summary>
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

    /// <summary>The innermost call has returned, and the next callee is called for the same subject.</summary>
    public void Replace(object callee)
    {
        ref var frame = ref _frames[_depth - 1];
        (frame.Version, frame.Callee) = (++_version, callee);
    }

    public void Pop() => _frames[--_depth] = default;

    /// <summary>The calls of one host at this moment, for another thread. A call that is being written may be left out.</summary>
    public IEnumerable<UserCallFrame> Read(UserCalls host)
    {
        foreach (var frame in Volatile.Read(ref _frames))
        {
            if (frame is { Callee: not null, Subject: not null } && frame.Host == host)
                yield return frame;
        }
    }
}
