using System.CommandLine;

namespace SafeLoop.Terminal;

/// <summary><c>history</c>.</summary>
internal static class HistoryVerb
{
    public static Command Create(VerbSetup setup)
    {
        var (task, key, zone) = (VerbOptions.Task(), VerbOptions.Key(), VerbOptions.Zone());
        var from = new Option<string?>("--from") { Description = "The earliest slot, as --at of `why`.", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "The time before which all slots lie.", HelpName = "TIME" };
        var failed = new Option<bool>("--failed") { Description = "No successes." };
        var outcome = VerbOptions.Name<IterationOutcome>("--outcome", "Only slots that ended so.");
        var reason = VerbOptions.Name<OutcomeReason>("--reason", "Only slots that ended for this reason.");
        var take = VerbOptions.Number("--take", "The most rows.", "COUNT", 20, 1, 1_000);
        var cursor = new Option<string?>("--cursor") { Description = "The cursor of the page before.", HelpName = "CURSOR" };
        var (watch, every) = (VerbOptions.Watch(), VerbOptions.Every());
        return setup.Complete(
            new("history", "Lists what a task did, the newest slot first.")
            {
                task, key, from, to, failed, outcome, reason, take, cursor, zone, watch, every,
            },
            async run =>
            {
                var parsed = run.Parsed;
                var name = parsed.GetRequiredValue(task);
                var inZone = await run.ZoneOfAsync(name, parsed.GetValue(zone));
                var shown = CronText.Parse("0 0 * * *", inZone).Zone;
                var query = new HistoryQuery
                {
                    TaskName = name,
                    Key = parsed.GetValue(key),
                    From = await ReadAsync(run, "--from", parsed.GetValue(from), shown),
                    To = await ReadAsync(run, "--to", parsed.GetValue(to), shown),
                    OnlyUnsuccessful = parsed.GetValue(failed),
                    Outcome = parsed.GetValue(outcome),
                    Reason = parsed.GetValue(reason),
                    PageSize = parsed.GetValue(take),
                    Cursor = parsed.GetValue(cursor),
                };
                var interval = TimeSpan.FromSeconds(parsed.GetValue(every));
                return await new Watching(run, parsed.GetValue(watch), interval).RunAsync(async screen =>
                {
                    var page = await run.Source.QueryHistoryAsync(query, run.Cancelled);
                    if (screen.IsJson)
                        screen.Json(page, TerminalJson.Default.HistoryPage);
                    else
                        Write(screen, page, shown);
                });
            });
    }

    private static async Task<DateTimeOffset?> ReadAsync(VerbRun run, string option, string? text, string zone)
    {
        if (text is null)
            return null;
        var chosen = await run.ReadInstantAsync(option, text, task: null, zone, isPast: true);
        if (chosen.Reading is { } reading)
            run.Screen.Note($"{option} {reading}");
        return chosen.Instant;
    }

    private static void Write(Screen screen, HistoryPage page, string zone)
    {
        screen.Table(
            ["SLOT", "KEY", "OUTCOME", "LATE", "TOOK", "ERROR"],
            page.Entries.Select(entry => (string[])
            [
                Zones.Write(entry.Record.Slot, zone),
                entry.Key ?? "",
                Words.Of(entry.Record) + (entry.Record.IsManual ? ", by hand" : ""),
                entry.Record.Lateness == TimeSpan.Zero ? "" : TimeText.For(entry.Record.Lateness),
                entry.Record.Number == 0 ? "" : TimeText.For(entry.Record.Elapsed),
                entry.Record.Error ?? entry.ErrorType ?? "",
            ]),
            "There are no records.");
        if (page.Cursor is { } cursor)
            screen.Line($"There are more: --cursor {cursor}");
    }
}
