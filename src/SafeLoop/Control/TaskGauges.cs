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
            () => Observe(tasks, task => task.Running),
            "{iteration}",
            "Iterations that are running.");
        meter.CreateObservableGauge(
            "safeloop.consecutive_failures",
            () => Observe(tasks, task => task.ConsecutiveFailures),
            "{failure}",
            "Failures in a row.");
        meter.CreateObservableGauge(
            "safeloop.last_success",
            () => Observe(tasks, (task, snapshot) =>
                SinceEpoch(snapshot.LastSuccess ?? task.Log.LastSuccessOrRegistration.ToDateTimeOffset())),
            "s",
            "When the last success ended, in seconds since 1970; until the first, when the task was registered.");
        meter.CreateObservableGauge(
            "safeloop.succeeded",
            () => Observe(tasks, task => task.LastSuccess is null ? 0 : 1),
            "1",
            "1 when the task has succeeded since it was registered, else 0.");
        meter.CreateObservableGauge(
            "safeloop.next_slot",
            () => Observe(tasks, (task, snapshot) => SinceEpoch(snapshot.NextSlot ?? task.RunningSlot)),
            "s",
            "The next slot, in seconds since 1970; while it depends on an iteration that is running, the slot of that one.");
        meter.CreateObservableCounter(
            "safeloop.thread.blocked",
            () => tasks.All.Select(task => new Measurement<double>(task.Task.Steps.BlockedFor.TotalSeconds, TagOf(task.Name))),
            "s",
            "How long steps have blocked threads of the pool, 100 ms or more at a time.");
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

    private static double? SinceEpoch(DateTimeOffset? instant) => (instant - DateTimeOffset.UnixEpoch)?.TotalSeconds;

    private static IEnumerable<Measurement<double>> Observe(RecurringTasks tasks, Func<RecurringTaskSnapshot, double> read) =>
        Observe(tasks, (_, snapshot) => read(snapshot));

    private static IEnumerable<Measurement<double>> Observe(
        RecurringTasks tasks, Func<TaskLoop, RecurringTaskSnapshot, double?> read)
    {
        foreach (var task in tasks.Ordinary)
        {
            if (task.Snapshot() is { End: null } snapshot && read(task, snapshot) is { } value)
                yield return new(value, TagOf(task.Name));
        }
    }

    /// <summary>The tag with the name of a task.</summary>
    public static KeyValuePair<string, object?> TagOf(string task) => new("safeloop.task", task);
}
