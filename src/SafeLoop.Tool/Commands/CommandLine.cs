using System.CommandLine;
using System.CommandLine.Help;

namespace SafeLoop.Tool;

/// <summary>The command line as a whole.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        // Not a RootCommand: help would then call the tool by the name of its assembly.
        var root = new Command("safeloop", "Reads and operates recurring tasks. Finds methods that await themselves in a "
            + "running .NET process, a dump or source code, and names method, file and line.")
        {
            new HelpOption(), new VersionOption(),
            ProcessesCommand.Create(), DiagnoseCommand.Create(), CompareCommand.Create(), WatchCommand.Create(),
            LintCommand.Create(),
        };
        var source = new UrlOptions(Environment.GetEnvironmentVariable);
        foreach (var verb in new VerbSetup(source, TimeProvider.System, !Console.IsOutputRedirected).CreateAll())
            root.Add(verb);
        try
        {
            return await CommandRunner.RunAsync(root, args, Termination.Token);
        }
        catch (OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync("There is not enough memory to hold the heap's graph. "
                + "Run safeloop on a machine with more, on a dump or a graph saved with --save.");
            return ExitCode.Failed;
        }
    }
}
