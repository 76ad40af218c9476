namespace SafeLoop.Dashboard;

/// <summary>A host of the application.</summary>
internal sealed record InstanceView
{
    /// <summary>The host, as the store knows it.</summary>
    public required RecurringTaskInstance Instance { get; init; }

    /// <summary>True when it is the host that answers.</summary>
    public required bool IsThis { get; init; }

    /// <summary>How many bytes its heap has in use; null: it is another host.</summary>
    public long? HeapSize { get; init; }

    /// <summary>How many bytes its heap may have; null: it is another host.</summary>
    public long? HeapLimit { get; init; }

    /// <summary>How many loops it has, a keyed task counting once; null: it is another host.</summary>
    public int? Loops { get; init; }

    /// <param name="instance">The host, as the store knows it.</param>
    /// <param name="tasks">The tasks of the host that answers.</param>
    /// <param name="heapSize">How many bytes the heap of the host that answers has in use.</param>
    public static InstanceView Of(RecurringTaskInstance instance, IRecurringTasks tasks, long heapSize)
    {
        var isThis = instance.State is RecurringTaskInstanceState.Running && instance.ProcessId == Environment.ProcessId
            && instance.Host == Environment.MachineName;
        return !isThis ? new() { Instance = instance, IsThis = false } : new()
        {
            Instance = instance,
            IsThis = true,
            HeapSize = heapSize,
            HeapLimit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            Loops = tasks.All.Count,
        };
    }
}
