using System.CommandLine;
using System.Globalization;

namespace SafeLoop.Tool;

/// <summary><c>safeloop diagnose</c>.</summary>
internal static class DiagnoseCommand
{
    public static Command Create()
    {
        var target = new Argument<string>("target") { Description = "A process id, a core dump, or a graph saved with --save." };
        var minFrames = new Option<int>("--min-frames")
        {
            Description = "How many chained frames of a method are worth a word.",
            DefaultValueFactory = _ => Diagnoser.DefaultMinFrames,
        };
        minFrames.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var frames) || frames < 2))
                result.AddError($"--min-frames is '{result.Tokens[0].Value}', but it must be a whole number of 2 or more.");
        });

        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };

        var command = new Command("diagnose", "Names the methods that are chained to themselves. A running process stands still meanwhile for one full garbage collection.")
        {
            target, minFrames, json,
        };
        command.SetAction(parsed =>
        {
            var snapshot = Heaps.Read(parsed.GetRequiredValue(target));
            var report = Diagnoser.Diagnose(snapshot, parsed.GetValue(minFrames));
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonReport.Of(report));
            else
                TextReport.Write(Console.Out, report);
            return ExitCodes.Of(report);
        });
        return command;
    }
}
