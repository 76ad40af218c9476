namespace SafeLoop;

/// <summary>One call into user code on the stack of a thread.</summary>
internal record struct UserCallFrame
{
    /// <summary>Unique within the thread. Two reads with the same version saw the same call.</summary>
    public long Version { get; set; }

    /// <summary>The host of the call; null when there is no call.</summary>
    public UserCalls? Host { get; set; }

    public object? Callee { get; set; }

    public object? Subject { get; set; }
}
