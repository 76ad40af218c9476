using System.CommandLine;

namespace SafeLoop.Tool;

/// <summary><c>safeloop compare</c>.</summary>
internal static class CompareCommand
{
    private const int MostCaptures = 100;

    public static Command Create()
    {
        var captures = new Argument<string[]>("captures")
        {
            Description = "Graphs saved with --save, core dumps, or process ids, the earliest first: two or more.",
                Arity = new ArgumentArity(2, MostCaptures),
        };
        var (minFrames, timeout, json) = (SharedOptions.MinFrames(), SharedOptions.Timeout(), SharedOptions.Json());
        var command = new Command("compare", "Shows which owners, methods and classes grew between captures.") { captures,
            minFrames, timeout, json };
        command.SetAction(parsed =>
        {
            var limit = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            var comparison = Comparison.Of([.. parsed.GetRequiredValue(captures)
                .Select(name => new Func<Snapshot>(() => Heaps.Read(name, CaptureMeans.Graph, limit)))],
                    parsed.GetValue(minFrames));
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonReport.Of(comparison));
            else
                TextComparison.Write(Console.Out, comparison);
            return ExitCodes.Of(comparison.Verdict, comparison.IsComplete);
        });
        return command;
    }
}
