using System.CommandLine;
using SafeLoop.Dashboard;

namespace SafeLoop.Terminal;

/// <summary><c>next</c>.</summary>
internal static class NextVerb
{
    private const int UsualCount = 10, MostCount = 1_000;

    public static Command Create(VerbSetup setup)
    {
        var task = new Argument<string?>("task")
        {
            Description = "The name of the task; left out with --cron.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var cron = new Option<string?>("--cron")
        {
            Description = "A cron expression instead of a task. Nothing needs to run then.",
            HelpName = "EXPRESSION",
        };
        var count = VerbOptions.Number(
            "--count", "The most slots; of a task, an application knows ten.", "COUNT", UsualCount, 1, MostCount);
        var (key, zone) = (VerbOptions.Key(), VerbOptions.Zone());
        var command = new Command("next", "Shows the next slots of a task, or of a cron expression.")
        {
            task, key, cron, zone, count,
        };
        command.Validators.Add(result =>
        {
            var (hasTask, hasCron) = (result.GetValue(task) is not null, result.GetValue(cron) is not null);
            if (hasTask == hasCron)
                result.AddError(hasTask ? "A task and --cron exclude each other. Give one of them." : "Give a task or --cron.");
            if (hasCron && result.GetValue(key) is not null)
                result.AddError("--key is one of a task; leave it out with --cron.");
        });
        return setup.Complete(command, async run =>
        {
            var found = run.Parsed.GetValue(cron) is { } expression
                ? OfCron(CronText.Parse(expression, run.Parsed.GetValue(zone)), run.Time.GetUtcNow(), run.Parsed.GetValue(count))
                : await run.Source.FindAsync(run.Parsed.GetValue(task)!, run.Parsed.GetValue(key), run.Cancelled);
            var next = found with { Slots = [.. found.Slots.Take(run.Parsed.GetValue(count))] };
            if (run.Screen.IsJson)
                run.Screen.Json(next, TerminalJson.Default.NextSlots);
            else
                Write(run.Screen, next, CronText.Parse("0 0 * * *", run.Parsed.GetValue(zone) ?? Zones.Known(next.Zone)).Zone);
            return TaskExitCode.Done;
        });
    }

    private static NextSlots OfCron(CronSchedule schedule, DateTimeOffset now, int count) => new()
    {
        Schedule = schedule.Expression,
        Zone = schedule.Zone,
        Slots = CronSlots.After(schedule, now, count),
        Notes = schedule.Warning is { } warning ? [warning] : [],
    };

    private static void Write(Screen screen, NextSlots next, string zone)
    {
        screen.Line($"{next.Task?.Name ?? next.Schedule}"
            + (next.Task?.Key is { } key ? $" key {key}" : "")
            + (next is { Task: not null, Schedule.Length: > 0 } ? $": {next.Schedule}" : "")
            + $", in {zone}");
        screen.Table(
            ["SLOT", "NOTE"],
            next.Slots.Select(slot => (string[])[Zones.Write(slot.Slot, zone), Words.Of(slot.Daylight)]),
            "No next slot is known.");
        foreach (var note in next.Notes)
            screen.Line(note);
    }
}
