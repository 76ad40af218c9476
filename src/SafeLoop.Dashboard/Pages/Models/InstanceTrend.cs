namespace SafeLoop.Dashboard;

/// <summary>A host with its heap over time.</summary>
/// <param name="Instance">The host.</param>
/// <param name="IsThis">True when it is the host that answers.</param>
/// <param name="Samples">Its heap until now, or until its last heartbeat, oldest first.</param>
internal sealed record InstanceTrend(RecurringTaskInstance Instance, bool IsThis, IReadOnlyList<InstanceSample> Samples)
{
    /// <summary>The command that finds what holds the memory; null: the host is on another machine, or has ended.</summary>
    public string? Diagnose => Instance.State is RecurringTaskInstanceState.Running && Instance.Host == Environment.MachineName
        ? $"safeloop diagnose {Instance.ProcessId}"
        : null;
}
