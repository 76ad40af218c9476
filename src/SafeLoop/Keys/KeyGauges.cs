using System.Diagnostics.Metrics;

namespace SafeLoop;

/// <summary>Observable metrics of keyed tasks: one value per task, whatever the number of its keys.</summary>
internal static class KeyGauges
{
    public static void Add(Meter meter, RecurringTasks tasks)
    {
        meter.CreateObservableUpDownCounter(
            "safeloop.keys", () => Observe(tasks, task => task.Count), "{key}", "Keys of a keyed task.");
        meter.CreateObservableUpDownCounter(
            "safeloop.keys.running",
            () => Observe(tasks, task => task.Look().Count(loop => loop.Runner is { Running.Count: > 0 })),
            "{key}",
            "Keys whose loops are running an iteration.");
        meter.CreateObservableUpDownCounter(
            "safeloop.keys.failing",
            () => Observe(tasks, task => task.Look().Count(loop => loop.End is null && loop.Failures > 0)),
            "{key}",
            "Keys whose last iteration failed.");
    }

    private static IEnumerable<Measurement<long>> Observe(RecurringTasks tasks, Func<KeyedLoops, long> read) =>
        tasks.All.OfType<KeyedLoops>().Select(task => new Measurement<long>(read(task), TaskGauges.TagOf(task.Name)));
}
