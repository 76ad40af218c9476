using System.CommandLine;

namespace SafeLoop.Tool;

/// <summary><c>safeloop watch</c>.</summary>
internal static class WatchCommand
{
    private const string DefaultRule = "heap_used / heap_limit > 0.5";

    public static Command Create()
    {
        var target = new Argument<int>("pid") { Description = "The process to watch." };
        var rule = new Option<string>("--rule")
        {
            Description =
                $"When to capture: a condition over {string.Join(", ", Measures.Known.Keys)}, with and, or, and 'for 30s'.",
            HelpName = "RULE",
            DefaultValueFactory = _ => DefaultRule,
        };
        var folder = new Option<string>("--out")
        {
            Description = "Where reports are kept, as JSON and as a page.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => "."
        };
        var alerts = new Option<int>("--alerts")
        {
            Description = "End after so many.",
            HelpName = "COUNT",
            DefaultValueFactory = _ => 1
        }.AtLeast(1);
        var every = new Option<int?>("--every")
        {
            Description = "While the rule goes on holding, capture again after so many seconds, until --alerts.",
            HelpName = "SECONDS",
        };
        every.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > SharedOptions.MostSeconds)
                result.AddError($"--every must be a whole number from 1 to {SharedOptions.MostSeconds}.");
        });
        var exec = new Option<string?>("--exec")
        {
            Description = "Run this for each report. SAFELOOP_REPORT, SAFELOOP_VERDICT and SAFELOOP_PID say what it is about. "
                + "It may take ten minutes.",
            HelpName = "COMMAND",
        };
        var (minFrames, timeout, json) = (SharedOptions.MinFrames(), SharedOptions.Timeout(), SharedOptions.Json());
        json.Description = "Print one JSON object a line instead of text.";

        var command = new Command("watch", "Shows how the heap of a process grows; "
            + "when the rule holds, captures it, diagnoses it and keeps the report.")
        {
            target, rule, folder, alerts, every, exec, minFrames, timeout, json,
        };
        command.SetAction((parsed, cancelled) =>
        {
            var options = new WatchOptions(
                Rule.Parse(parsed.GetRequiredValue(rule)),
                FolderOf(parsed.GetRequiredValue(folder)),
                parsed.GetValue(alerts),
                parsed.GetValue(exec),
                parsed.GetValue(minFrames),
                TimeSpan.FromSeconds(parsed.GetValue(timeout)))
            {
                Every = parsed.GetValue(every) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            };
            IWatchView view = parsed.GetValue(json) ? new JsonView(Console.Out) : new TextView(Console.Out);
            var watcher = new Watcher(TargetProcess.Find(parsed.GetValue(target)), options, view, TimeProvider.System);

            return Task.FromResult(watcher.Run(cancelled));
        });
        return command;
    }

    /// <summary>Asked now, not when the process is dying.</summary>
    private static string FolderOf(string folder) => Directory.Exists(folder)
        ? folder
        : throw new ToolException(ExitCode.Usage, $"--out is '{folder}', but there is no such folder. Create it first.");
}
