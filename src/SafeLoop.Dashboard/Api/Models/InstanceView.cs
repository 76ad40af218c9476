namespace SafeLoop.Dashboard;

/// <summary>A host of the application.</summary>
internal sealed record InstanceView
{
    /// <summary>The host, as the store knows it, with its heap and its loops at the last heartbeat.</summary>
    public required RecurringTaskInstance Instance { get; init; }

    /// <summary>True when it is the host that answers.</summary>
    public required bool IsThis { get; init; }

    /// <param name="instance">The host, as the store knows it.</param>
    public static InstanceView Of(RecurringTaskInstance instance) => new()
    {
        Instance = instance,
        IsThis = instance.State is RecurringTaskInstanceState.Running && instance.ProcessId == Environment.ProcessId
            && instance.Host == Environment.MachineName,
    };
}
