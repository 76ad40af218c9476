namespace SafeLoop;

/// <summary>One call into user code that a thread is in.</summary>
internal record struct UserCallFrame
{
    /// <summary>Unique within the thread: a version that is seen twice belongs to one call.</summary>
    public long Version { get; set; }

    /// <summary>Null when there is no call.</summary>
    public UserCalls? Host { get; set; }

    public object? Callee { get; set; }

    public object? Subject { get; set; }
}
