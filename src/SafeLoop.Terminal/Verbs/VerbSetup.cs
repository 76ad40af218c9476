using System.CommandLine;

namespace SafeLoop.Terminal;

/// <summary>What all verbs of a tool share, and how each is made into a command.</summary>
/// <param name="source">The options that say where the tasks are.</param>
/// <param name="time">The clock.</param>
/// <param name="isTerminal">True when a person sees the output, so that what is watched may be drawn over.</param>
internal sealed class VerbSetup(ISourceOptions source, TimeProvider time, bool isTerminal)
{
    /// <summary>Makes the verbs.</summary>
    public IEnumerable<Command> CreateAll() =>
    [
        TasksVerb.Create(this), WhyVerb.Create(this), NextVerb.Create(this), HistoryVerb.Create(this), PreviewVerb.Create(this),
        OperationVerb.Create(
            this, TaskCommandKind.RunNow, "run", "Runs an iteration now, on one host, and waits for its outcome."),
        OperationVerb.Create(this, TaskCommandKind.Pause, "pause", "Pauses a task or a key on all hosts."),
        OperationVerb.Create(this, TaskCommandKind.Resume, "resume", "Resumes a task or a key on all hosts."),
        CommandVerb.Create(this),
    ];

    /// <summary>Adds the options of each verb, and what it does.</summary>
    public Command Complete(Command command, Func<VerbRun, Task<int>> run)
    {
        var json = VerbOptions.Json();
        command.Add(json);
        foreach (var option in source.Options)
            command.Add(option);
        command.SetAction(async (parsed, cancelled) =>
        {
            var (output, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var screen = new Screen(output, errors, parsed.GetValue(json));
            await using var verb = new VerbRun(parsed, screen, () => source.Open(parsed, screen, time))
            {
                Time = time,
                Output = output,
                IsTerminal = isTerminal,
                Cancelled = cancelled,
            };
            return await run(verb);
        });
        return command;
    }
}
