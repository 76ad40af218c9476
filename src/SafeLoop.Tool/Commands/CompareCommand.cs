using System.CommandLine;

namespace SafeLoop.Tool;

/// <summary><c>safeloop compare</c>.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var earlier = new Argument<string>("earlier") { Description = "A graph saved with --save, a core dump, or a process id." };
        var later = new Argument<string>("later") { Description = "The same, some time later." };
        var (minFrames, timeout, json) = (SharedOptions.MinFrames(), SharedOptions.Timeout(), SharedOptions.Json());
        var command = new Command("compare", "Shows which methods and classes grew between two captures.") { earlier, later, minFrames, timeout, json };
        command.SetAction(parsed =>
        {
            var limit = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            var first = Heaps.Read(parsed.GetRequiredValue(earlier), CaptureMeans.Graph, limit);
            var second = Heaps.Read(parsed.GetRequiredValue(later), CaptureMeans.Graph, limit);
            if (second.Origin.TakenAt < first.Origin.TakenAt)
                throw new ToolException(ExitCode.Usage, $"'{Text.Printable(first.Origin.Name)}' was taken after '{Text.Printable(second.Origin.Name)}'. Name the earlier capture first.");

            var comparison = Comparison.Of(first, second, parsed.GetValue(minFrames));
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonReport.Of(comparison));
            else
                TextComparison.Write(Console.Out, comparison);
            return ExitCodes.Of(comparison.Verdict, first.Origin.IsComplete && second.Origin.IsComplete);
        });
        return command;
    }
}
