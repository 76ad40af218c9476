using System.CommandLine;
using System.CommandLine.Help;

namespace SafeLoop.Tool;

/// <summary>The command line as a whole: parse, run, and turn every failure into a sentence.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        // Not a RootCommand: help would then call the tool by the name of its assembly.
        var root = new Command("safeloop", "Finds methods that await themselves in a running .NET process, "
            + "a dump or source code, and names method, file and line.")
        {
            new HelpOption(), new VersionOption(),
            ProcessesCommand.Create(), DiagnoseCommand.Create(), CompareCommand.Create(), WatchCommand.Create(),
            LintCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("`safeloop "
                + $"{(parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ")}--help` shows what "
                + "can be said.");
            return ExitCode.Usage;
        }

        try
        {
            // Without a timeout: the default handling of signals would end a command with 130 if it stops for over two seconds.
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, Termination.Token);
        }
        catch (ToolException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return error.ExitCode;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCode.Failed;
        }
        catch (OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync("There is not enough memory to hold the heap's graph. "
                + "Run safeloop on a machine with more, on a dump or a graph saved with --save.");
            return ExitCode.Failed;
        }
        catch (Exception error)
        {
            // An unexpected failure is still a sentence for the user; the method helps to fix it.
            await Console.Error.WriteLineAsync($"safeloop failed, which it should not: {error.GetType().Name}: "
                + $"{error.Message.ReplaceLineEndings(" ")} ({error.TargetSite?.DeclaringType?.Name}.{error.TargetSite?.Name})");
            return ExitCode.Failed;
        }
    }
}
