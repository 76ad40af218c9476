using System.Diagnostics.Metrics;

namespace SafeLoop;

/// <summary>
/// Metrics for alerts that need more than a task: what health demands, the store, and the memory of the process. They are read
/// at each collection and cost nothing in between.
/// </summary>
internal static class OperatorGauges
{
    public static void Add(Meter meter, RecurringTasks tasks)
    {
        meter.CreateObservableGauge(
            "safeloop.succeed_within",
            () => Successes(tasks).Select(task => Of(task.Task, task.Task.Task.Options.SucceedWithin!.Value.TotalSeconds)),
            "s",
            "The limit of SucceedWithin, while the task must succeed.");
        meter.CreateObservableGauge(
            "safeloop.without_success",
            () => Successes(tasks).Select(task => Of(task.Task, task.Missing.TotalSeconds)),
            "s",
            "For how long a task with SucceedWithin has not succeeded, while it must.");
        AddMemory(meter);
    }

    public static void Add(Meter meter, StoreSession store)
    {
        meter.CreateObservableGauge(
            "safeloop.store.down",
            () => store.Problem is null ? 0 : 1,
            description: "1 while the store does not answer, else 0.");
        meter.CreateObservableCounter(
            "safeloop.history.missing",
            () => store.Journal.Missing,
            "{slot}",
            "Outcomes that history lacks, because the store was down or there were too many.");
    }

    private static void AddMemory(Meter meter)
    {
        meter.CreateObservableGauge(
            "safeloop.memory.used",
            () => HeapState.Read().Used,
            "By",
            "The live objects after the last full garbage collection; before the first, the heap.");
        meter.CreateObservableGauge(
            "safeloop.memory.limit",
            () => HeapState.Read().Limit,
            "By",
            "The limit of the heap: the memory of the machine or container, or the configured limit.");
    }

    private static IEnumerable<(TaskLoop Task, TimeSpan Missing)> Successes(RecurringTasks tasks) =>
        from task in tasks.All.OfType<TaskLoop>()
        where task.Task.Options.SucceedWithin is not null
        let missing = LoopSuccess.Missing(task, task.Snapshot())
        where missing is not null
        select (task, missing.Value);

    private static Measurement<double> Of(TaskLoop task, double value) =>
        new(value, new KeyValuePair<string, object?>("safeloop.task", task.Name));
}
