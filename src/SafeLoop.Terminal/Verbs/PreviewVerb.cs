using System.CommandLine;
using SafeLoop.Dashboard;

namespace SafeLoop.Terminal;

/// <summary><c>preview</c>.</summary>
internal static class PreviewVerb
{
    private const int MostShown = 10;

    public static Command Create(VerbSetup setup)
    {
        var task = new Argument<string?>("task")
        {
            Description = "The task whose schedule would change; left out: the schedule alone.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var cron = new Option<string?>("--cron") { Description = "The new cron expression.", HelpName = "EXPRESSION" };
        var every = VerbOptions.Period("--every", "The new period, such as 00:05:00.");
        var zone = new Option<string?>("--zone") { Description = "The new time zone. Else that of the task.", HelpName = "ZONE" };
        var command = new Command("preview", "Shows what another schedule would do over a year. It changes nothing.")
        {
            task, cron, every, zone,
        };
        command.Validators.Add(result =>
        {
            var (expression, period) = (result.GetValue(cron), result.GetValue(every));
            if (expression is not null && period is not null)
                result.AddError("--cron and --every exclude each other. Give one of them.");
            if (expression is null && period is null && (result.GetValue(task) is null || result.GetValue(zone) is null))
                result.AddError("The new schedule is missing. Give --cron or --every, or a task and --zone.");
        });
        return setup.Complete(command, async run =>
        {
            var (name, expression) = (run.Parsed.GetValue(task), run.Parsed.GetValue(cron));
            var (period, newZone) = (run.Parsed.GetValue(every), run.Parsed.GetValue(zone));
            if (expression is not null)
                CronText.Parse(expression, newZone); // said here, also when no application answers
            var preview = name is null
                ? new PreviewReader(run.Time).Preview(expression, period, newZone)
                : await run.Source.PreviewAsync(name, expression, period, newZone, run.Cancelled);
            if (run.Screen.IsJson)
                run.Screen.Json(preview, TerminalJson.Default.SchedulePreview);
            else
                Write(run.Screen, preview, Zones.Known(newZone ?? preview.Next.FirstOrDefault().Zone));
            return TaskExitCode.Done;
        });
    }

    private static void Write(Screen screen, SchedulePreview preview, string? zone)
    {
        screen.Line($"{preview.Schedule}: {Slots(preview.Count)} from {Zones.Write(preview.From, zone)} "
            + $"to {Zones.Write(preview.To, zone)}.");
        if (preview is { ScheduleBefore: { } before, CountBefore: { } count })
        {
            screen.Line($"Now {before}: {Slots(count)}. {TimeText.Count(preview.Kept ?? 0)} stay, "
                + $"{TimeText.Count(preview.Added ?? 0)} are new, {TimeText.Count(preview.Dropped ?? 0)} are dropped.");
        }
        screen.Line();
        screen.Table(
            ["SLOT", "WHAT", "NOTE"],
            preview.Next.Take(MostShown).Select(slot => Row(slot.Slot, "next", Words.Of(slot.Daylight)))
                .Concat((preview.FirstAdded ?? []).Take(MostShown).Select(slot => Row(slot, "new", "")))
                .Concat((preview.FirstDropped ?? []).Take(MostShown).Select(slot => Row(slot, "dropped", "")))
                .Concat(preview.Daylight.Take(MostShown).Select(slot => Row(slot.Slot, "daylight", Words.Of(slot.Daylight)))),
            "It has no slots.");
        foreach (var note in preview.Notes)
            screen.Line(note);

        string[] Row(DateTimeOffset slot, string what, string note) => [Zones.Write(slot, zone), what, note];
    }

    private static string Slots(int count) => count == 1 ? "one slot" : $"{TimeText.Count(count)} slots";
}
