using System.CommandLine;

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
        minFrames.MustBeAtLeast(2);
        var timeout = SharedOptions.Timeout();

        var dump = new Option<bool>("--dump") { Description = "Read a dump of the process instead of its heap graph. It is deleted afterwards." };
        var attach = new Option<bool>("--attach") { Description = "Stop the process and read its memory, as a debugger would." };
        var save = new Option<string?>("--save") { Description = "Also keep the heap graph in this file: types and references, no values.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };

        var command = new Command("diagnose", "Names the methods that are chained to themselves. A running process stands still meanwhile for one full garbage collection.")
        {
            target, minFrames, dump, attach, save, json, timeout,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(dump) && result.GetValue(attach))
                result.AddError("--dump and --attach exclude each other. Give one of them.");
        });
        command.SetAction(parsed =>
        {
            var snapshot = Heaps.Read(
                parsed.GetRequiredValue(target),
                parsed.GetValue(attach) ? CaptureMeans.Attach : parsed.GetValue(dump) ? CaptureMeans.Dump : CaptureMeans.Graph,
                TimeSpan.FromSeconds(parsed.GetValue(timeout)));
            if (parsed.GetValue(save) is { } file)
                SavedGraph.Write(file, snapshot);

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
