using System.CommandLine;

namespace SafeLoop.Terminal;

/// <summary>Runs a command line: parses it, runs the command, and turns every failure into a sentence and an exit code.</summary>
internal static class CommandRunner
{
    /// <param name="root">The command with its verbs.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="cancelled">Ends a command that watches.</param>
    /// <param name="output">Where results go; null: the console.</param>
    /// <param name="errors">Where sentences about failures go; null: the console.</param>
    public static async Task<int> RunAsync(
        Command root, string[] args, CancellationToken cancelled, TextWriter? output = null, TextWriter? errors = null)
    {
        errors ??= Console.Error;
        var (parsed, mistakes) = Parse(root, args);
        if (parsed is null || mistakes.Count > 0)
        {
            foreach (var mistake in mistakes)
                await errors.WriteLineAsync(Printable.Escape(mistake, Printable.LongestText));
            var verb = parsed is null || parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ";
            await errors.WriteLineAsync($"`{root.Name} {verb}--help` shows what can be said.");
            return TaskExitCode.Usage;
        }

        try
        {
            // Without a timeout: the default handling of signals would end a command with 130 if it stops for over two seconds.
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = output ?? Console.Out,
                Error = errors,
            };
            return await parsed.InvokeAsync(configuration, cancelled);
        }
        catch (ToolException error)
        {
            await errors.WriteLineAsync(error.Message);
            return error.ExitCode;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(error.Message);
            return TaskExitCode.Failed;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // An unexpected failure is still a sentence for the user; the method helps to fix it.
            await errors.WriteLineAsync($"{root.Name} failed, which it should not: {error.GetType().Name}: "
                + $"{Printable.Escape(error.Message.ReplaceLineEndings(" "), Printable.LongestText)} "
                + $"({error.TargetSite?.DeclaringType?.Name}.{error.TargetSite?.Name})");
            return TaskExitCode.Failed;
        }
    }

    private static (ParseResult? Parsed, IReadOnlyList<string> Mistakes) Parse(Command root, string[] args)
    {
        try
        {
            var parsed = root.Parse(args);
            return (parsed, [.. parsed.Errors.Select(error => error.Message)]);
        }
        catch (InvalidOperationException error)
        {
            return (null, [error.Message]); // a validator has read a value that cannot be read
        }
    }
}
