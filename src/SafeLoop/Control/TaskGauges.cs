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
            () => Observe(tasks, task => (task.LastSuccess - DateTimeOffset.UnixEpoch)?.TotalSeconds),
            "s",
            "When the last success ended, in seconds since 1970.");
    }

    private static IEnumerable<Measurement<double>> Observe(RecurringTasks tasks, Func<RecurringTaskSnapshot, double?> read)
    {
        foreach (var task in tasks.All)
        {
            if (task.Snapshot() is { End: null } snapshot && read(snapshot) is { } value)
                yield return new(value, new KeyValuePair<string, object?>("safeloop.task", task.Name));
        }
    }
}
