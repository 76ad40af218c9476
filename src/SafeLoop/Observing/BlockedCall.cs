namespace SafeLoop;

/// <summary>A call into user code that at least one check found in progress.</summary>
internal sealed class BlockedCall(UserCallSlot slot, long version, object callee, object subject, long since)
{
    /// <summary>The timestamp of the first check that found it. The call may have begun earlier.</summary>
    public long Since => since;

    public bool IsReported { get; set; }

    /// <summary>The name of the task.</summary>
    public string Task { get; } = subject is IKeyed keyed ? keyed.TaskName : (string)subject;

    /// <summary>False when the host has called it, such as the store, and for no task.</summary>
    public bool IsOfLoop => subject is not "SafeLoop";

    /// <summary>The key of the loop; null without one. A copy, because the runner may get another loop meanwhile.</summary>
    public IKeyed? Keyed { get; } = (subject as IKeyed)?.Copy();

    /// <summary>The name of the called code, for a sentence.</summary>
    public string Callee => NameOf(callee);

    public bool IsSameCall(UserCallSlot other, long otherVersion) => (other, otherVersion) == (slot, version);

    public static string NameOf(object callee) => callee switch
    {
        string name => name,
        ICallee named => named.CalleeName,
        LogObserver => "the log",
        MetricsObserver => "a listener of its metrics",
        IRecurringTaskObserver observer => $"the observer {observer.GetType()}",
        _ => "its observers",
    };
}
