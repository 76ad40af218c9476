using System.CommandLine;

namespace SafeLoop.Terminal;

/// <summary><c>run</c>, <c>pause</c> and <c>resume</c>.</summary>
internal static class OperationVerb
{
    public static Command Create(VerbSetup setup, TaskCommandKind kind, string name, string description)
    {
        var (task, key, timeout) = (VerbOptions.Task(), VerbOptions.Key(), CommandVerb.Timeout());
        var reason = new Option<string>("--reason")
        {
            Description = "Why, for the log of commands.",
            HelpName = "REASON",
            Required = true,
        };
        var until = new Option<string?>("--until")
        {
            Description = "When the pause ends: 06:00 (the next one), '2026-03-29 06:00' or an instant with its offset. "
                + "Left out: when the task is resumed.",
            HelpName = "TIME",
        };
        var zone = VerbOptions.Zone();
        var command = new Command(name, description) { task, key, reason, timeout };
        if (kind is TaskCommandKind.Pause)
        {
            command.Add(until);
            command.Add(zone);
        }
        command.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValue(reason)))
                result.AddError("--reason is empty. Say why, for the log of commands.");
        });
        return setup.Complete(command, async run =>
        {
            var target = run.Parsed.GetRequiredValue(task);
            var sent = new TaskCommand
            {
                TaskName = target,
                Key = run.Parsed.GetValue(key),
                Kind = kind,
                Reason = run.Parsed.GetRequiredValue(reason),
            };
            if (kind is TaskCommandKind.Pause && run.Parsed.GetValue(until) is { } end)
            {
                var chosen = await run.ReadInstantAsync("--until", end, target, run.Parsed.GetValue(zone), isPast: false);
                if (chosen.Reading is { } reading)
                    run.Screen.Note(reading);
                sent = sent with { Until = chosen.Instant };
            }
            var status = await run.Source.SendAsync(sent, run.Cancelled);
            return await new CommandFollower(run).FollowAsync(status, TimeSpan.FromSeconds(run.Parsed.GetValue(timeout)));
        });
    }
}
