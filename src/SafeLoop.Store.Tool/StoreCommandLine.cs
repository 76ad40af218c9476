using System.CommandLine;
using System.CommandLine.Help;

namespace SafeLoop.Store.Tool;

/// <summary>The command line as a whole.</summary>
internal static class StoreCommandLine
{
    public static Task<int> RunAsync(
        string[] args, Func<string, string?> environment, TimeProvider time, CancellationToken cancelled,
        TextWriter? output = null, TextWriter? errors = null)
    {
        // Not a RootCommand: help would then call the tool by the name of its assembly.
        var root = new Command("safeloop-store", "Reads and operates recurring tasks through their store.")
        {
            new HelpOption(), new VersionOption(),
        };
        var isTerminal = output is null && !Console.IsOutputRedirected;
        foreach (var verb in new VerbSetup(new StoreOptions(environment), time, isTerminal).CreateAll())
            root.Add(verb);
        return CommandRunner.RunAsync(root, args, cancelled, output, errors);
    }
}
