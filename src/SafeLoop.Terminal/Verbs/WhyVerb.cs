using System.CommandLine;

namespace SafeLoop.Terminal;

/// <summary><c>why</c>.</summary>
internal static class WhyVerb
{
    private const string At = "--at";

    public static Command Create(VerbSetup setup)
    {
        var (task, key, zone) = (VerbOptions.Task(), VerbOptions.Key(), VerbOptions.Zone());
        var at = new Option<string>(At)
        {
            Description = "The time: 03:00 (the last one that has passed), '2026-03-29 03:00' or 2026-03-29T03:00:00+02:00.",
            HelpName = "TIME",
            Required = true,
        };
        return setup.Complete(
            new("why", "Says what a task did at a time, and why it did not run.") { task, key, at, zone },
            async run =>
            {
                var (name, id) = (run.Parsed.GetRequiredValue(task), run.Parsed.GetValue(key));
                // Also of an instant with its offset: the answer has the zone of the task, and so have the lines below it.
                var inZone = await run.ZoneOfAsync(name, run.Parsed.GetValue(zone)) ?? Zones.Utc;
                var chosen = await run.ReadInstantAsync(At, run.Parsed.GetRequiredValue(at), name, inZone, isPast: true);
                var answer = new WhyAnswer
                {
                    At = chosen.Instant,
                    Zone = chosen.Zone,
                    Reading = chosen.Reading,
                    Explanation = await run.Source.ExplainAsync(name, id, chosen.Instant, chosen.Zone, run.Cancelled),
                };
                if (run.Screen.IsJson)
                    run.Screen.Json(answer, TerminalJson.Default.WhyAnswer);
                else
                    Write(run.Screen, answer);
                return TaskExitCode.Done;
            });
    }

    private static void Write(Screen screen, WhyAnswer answer)
    {
        var (explanation, zone) = (answer.Explanation, answer.Zone);
        if (answer.Reading is { } reading)
            screen.Line(reading);
        screen.Line(explanation.Text);
        foreach (var (name, value) in EvidenceOf(explanation, zone).Where(line => line.Value is { Length: > 0 }))
            screen.Line($"  {name,-13}{value}");
    }

    private static IEnumerable<(string Name, string? Value)> EvidenceOf(SlotExplanation explanation, string zone) =>
    [
        ("slot before", Zones.Write(explanation.SlotBefore, zone)),
        ("slot after", Zones.Write(explanation.SlotAfter, zone)),
        ("since", Zones.Write(explanation.Since, zone)),
        ("until", Zones.Write(explanation.Until, zone)),
        ("started", explanation.Entry is { Record.Number: > 0 } ran ? Zones.Write(ran.Record.Started, zone) : null),
        ("took", explanation.Entry is { Record.Number: > 0 } took ? TimeText.For(took.Record.Elapsed) : null),
        ("lock token", explanation.Entry is { FencingToken: > 0 and var token } ? TimeText.Count(token) : null),
        // Of what was skipped, the sentence has it.
        ("error", explanation.Entry?.Record is { Outcome: not IterationOutcome.Skipped, Error: var error } ? error : null),
    ];
}
