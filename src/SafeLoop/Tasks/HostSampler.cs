namespace SafeLoop;

/// <summary>Samples the heap and the loops of this host. Takes some microseconds and starts no collection.</summary>
/// <param name="read">Reads the heap.</param>
internal sealed class HostSampler(Func<HeapState> read)
{
    public InstanceSample Take(RecurringTasks tasks)
    {
        var heap = read();
        return new()
        {
            HeapSize = heap.Used,
            HeapLimit = heap.Limit,
            Loops = (int)tasks.All.Sum(task => task.Measure(TaskMeasure.Keys) ?? 1),
        };
    }
}
