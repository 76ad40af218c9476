using System.Diagnostics.Metrics;

namespace SafeLoop;

/// <summary>Metrics that are read off the tasks when somebody looks, and cost nothing in between. A task that is removed is no longer measured.</summary>
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
            () => Observe(tasks, (task, snapshot) => SinceEpoch(snapshot.LastSuccess ?? task.Registered)),
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
    }

    private static double? SinceEpoch(DateTimeOffset? instant) => (instant - DateTimeOffset.UnixEpoch)?.TotalSeconds;

    private static IEnumerable<Measurement<double>> Observe(RecurringTasks tasks, Func<RecurringTaskSnapshot, double> read) =>
        Observe(tasks, (_, snapshot) => read(snapshot));

    private static IEnumerable<Measurement<double>> Observe(
        RecurringTasks tasks, Func<RecurringTaskHandle, RecurringTaskSnapshot, double?> read)
    {
        foreach (var task in tasks.All)
        {
            if (task.Snapshot() is { End: null } snapshot && read(task, snapshot) is { } value)
                yield return new(value, new KeyValuePair<string, object?>("safeloop.task", task.Name));
        }
    }
}
