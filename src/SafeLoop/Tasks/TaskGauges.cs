using System.Diagnostics.Metrics;

namespace SafeLoop;

/// <summary>
/// Metrics that are read from the tasks at each collection and cost nothing in between. A removed task is no longer measured.
/// </summary>
internal static class TaskGauges
{
    public static void Add(Meter meter, RecurringTasks tasks)
    {
        meter.CreateObservableUpDownCounter(
            "safeloop.iterations.running",
            () => Observe(tasks, TaskMeasure.Running),
            "{iteration}",
            "Iterations that are running.");
        meter.CreateObservableUpDownCounter(
            "safeloop.stuck",
            () => Observe(tasks, TaskMeasure.Stuck),
            "{iteration}",
            "Iterations that are running although they were cancelled and their grace period has passed.");
        meter.CreateObservableGauge(
            "safeloop.consecutive_failures",
            () => Observe(tasks, TaskMeasure.ConsecutiveFailures),
            "{failure}",
            "Failures in a row.");
        meter.CreateObservableGauge(
            "safeloop.last_success",
            () => Observe(tasks, TaskMeasure.LastSuccess),
            "s",
            "When the last success ended, in seconds since 1970; until the first, when the task was registered.");
        meter.CreateObservableGauge(
            "safeloop.succeeded",
            () => Observe(tasks, TaskMeasure.Succeeded),
            "1",
            "1 when the task has succeeded since it was registered, else 0.");
        meter.CreateObservableGauge(
            "safeloop.next_slot",
            () => Observe(tasks, TaskMeasure.NextSlot),
            "s",
            "The next slot, in seconds since 1970; while it depends on an iteration that is running, the slot of that one.");
        meter.CreateObservableCounter(
            "safeloop.thread.blocked",
            () => tasks.All.Select(task => new Measurement<double>(task.Task.Steps.BlockedFor.TotalSeconds, TagOf(task.Name))),
            "s",
            "How long steps have blocked threads of the pool, 100 ms or more at a time.");
        AddKeys(meter, tasks);
        meter.CreateObservableUpDownCounter(
            "safeloop.shards.open",
            () => Count(tasks, TaskMeasure.OpenShards),
            "{shard}",
            "Shards of a task in a cluster that are open on this host.");
    }

    // One value per keyed task, whatever the number of its keys.
    private static void AddKeys(Meter meter, RecurringTasks tasks)
    {
        meter.CreateObservableUpDownCounter(
            "safeloop.keys", () => Count(tasks, TaskMeasure.Keys), "{key}", "Keys of a keyed task.");
        meter.CreateObservableUpDownCounter(
            "safeloop.keys.running",
            () => Count(tasks, TaskMeasure.RunningKeys),
            "{key}",
            "Keys whose loops are running an iteration.");
        meter.CreateObservableUpDownCounter(
            "safeloop.keys.failing",
            () => Count(tasks, TaskMeasure.FailingKeys),
            "{key}",
            "Keys whose last iteration failed.");
    }

    /// <summary>Adds the lateness of wake-ups, which shows how quickly the thread pool serves the loops.</summary>
    public static void Add(Meter meter, Pacemaker pacemaker) => meter.CreateObservableGauge(
        "safeloop.wakeup.lateness",
        () => pacemaker.Lateness.TotalSeconds,
        "s",
        "The worst delay of a wake-up within the last one or two minutes.");

    /// <summary>Adds the number of calls into user code that do not return.</summary>
    public static void Add(Meter meter, BlockedCalls calls) => meter.CreateObservableUpDownCounter(
        "safeloop.calls.blocked",
        () => calls.All.GroupBy(call => call.Task).Select(ofTask => new Measurement<int>(ofTask.Count(), TagOf(ofTask.Key))),
        "{call}",
        "Calls of observers, logs, policies, checks and providers that have not returned for 10 s or longer.");

    private static IEnumerable<Measurement<double>> Observe(RecurringTasks tasks, TaskMeasure measure) =>
        from task in tasks.All
        let value = task.Measure(measure)
        where value is not null
        select new Measurement<double>(value.Value, TagOf(task.Name));

    private static IEnumerable<Measurement<long>> Count(RecurringTasks tasks, TaskMeasure measure) =>
        from counted in Observe(tasks, measure)
        select new Measurement<long>((long)counted.Value, counted.Tags);

    private static KeyValuePair<string, object?> TagOf(string task) => new("safeloop.task", task);
}
