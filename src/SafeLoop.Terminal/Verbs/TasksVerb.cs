using System.CommandLine;

namespace SafeLoop.Terminal;

/// <summary><c>tasks</c>.</summary>
internal static class TasksVerb
{
    private const int MostHosts = 5;

    public static Command Create(VerbSetup setup)
    {
        var text = new Option<string?>("--text") { Description = "Only tasks whose names contain this.", HelpName = "TEXT" };
        var state = VerbOptions.Name<RecurringTaskState>("--state", "Only tasks in this state.");
        var (zone, watch, every) = (VerbOptions.Zone(), VerbOptions.Watch(), VerbOptions.Every());
        return setup.Complete(
            new("tasks", "Lists the tasks: state, schedule, last outcome and next slot.") { text, state, zone, watch, every },
            run =>
            {
                var inZone = run.Parsed.GetValue(zone) is { } id ? CronText.Parse("0 0 * * *", id).Zone : null;
                var interval = TimeSpan.FromSeconds(run.Parsed.GetValue(every));
                return new Watching(run, run.Parsed.GetValue(watch), interval).RunAsync(async screen =>
                {
                    var list = await run.Source.ListAsync(run.Parsed.GetValue(text), run.Cancelled);
                    if (run.Parsed.GetValue(state) is { } wanted)
                        list = list with { Tasks = [.. list.Tasks.Where(task => task.State == wanted)] };
                    if (screen.IsJson)
                        screen.Json(list, TerminalJson.Default.TaskList);
                    else
                        Write(screen, list, inZone, run.Time.GetUtcNow());
                });
            });
    }

    private static void Write(Screen screen, TaskList list, string? zone, DateTimeOffset now)
    {
        screen.Table(
            ["TASK", "STATE", "SCHEDULE", "LAST", "ENDED", "NEXT", "FAILURES", "KEYS"],
            list.Tasks.Select(task => (string[])
            [
                task.Name,
                Words.Of(task),
                task.Schedule ?? "",
                Words.Of(task.LastOutcome),
                Zones.Write(task.LastEnded, zone),
                Zones.Write(task.NextSlot, zone),
                task.ConsecutiveFailures == 0 ? "" : $"{task.ConsecutiveFailures} in a row",
                task.Keys is { } keys ? $"{TimeText.Count(keys.Count)}, {TimeText.Count(keys.Failing)} failing" : "",
            ]),
            "There are no tasks.");
        if (list.Instances is { } instances)
            screen.Line(Describe(instances, now));
        foreach (var note in list.Notes)
            screen.Line(note);
    }

    private static string Describe(IReadOnlyList<RecurringTaskInstance> instances, DateTimeOffset now)
    {
        var running = instances.Where(one => one.State is RecurringTaskInstanceState.Running).ToList();
        if (running.Count == 0)
            return "No host is running.";
        var hosts = running.Take(MostHosts).Select(one => $"{one.Host} (process {one.ProcessId}, heartbeat "
            + $"{TimeText.For(Positive(now - one.LastHeartbeat))} ago)");
        return $"Running hosts: {string.Join(", ", hosts)}"
            + (running.Count > MostHosts ? $" and {running.Count - MostHosts} more." : ".");
    }

    // The clock of the database may be ahead.
    private static TimeSpan Positive(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;
}
