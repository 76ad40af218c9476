using System.CommandLine;

namespace SafeLoop.Tool;

/// <summary><c>safeloop diagnose</c>.</summary>
internal static class DiagnoseCommand
{
    private const int MostTimes = 100;

    public static Command Create()
    {
        var target = new Argument<string>("target") { Description = "A process id, a core dump, or a graph saved with --save." };
        var dump = new Option<bool>("--dump")
        {
            Description = "Read a dump of the process instead of its heap graph. It is deleted afterwards."
        };
        var attach = new Option<bool>("--attach") { Description = "Stop the process and read its memory, as a debugger would." };
        var times = new Option<int>("--times")
        {
            Description = "Capture so often: only what grew from one capture to the next counts then. "
                + "Three distinguish a leak from a cache that fills up.",
            HelpName = "COUNT",
            DefaultValueFactory = _ => 1,
        }.AtLeast(1, MostTimes);
        var every = new Option<int>("--every") { Description = "Seconds between two captures.", HelpName = "SECONDS",
            DefaultValueFactory = _ => 30 }.AtLeast(1, SharedOptions.MostSeconds);
        var save = new Option<string?>("--save")
        {
            Description = "Also keep the heap graph in this file: types and references, no values.",
            HelpName = "FILE"
        };
        var html = new Option<string?>("--html")
        {
            Description = "Also write the report as a page, with lines of your source.",
            HelpName = "FILE"
        };
        var buffer = new Option<int>("--buffer")
        {
            Description = "The most MiB the process may take for its heap graph; if that is too little a dump is read. "
                + "Else what suits it, and at most 8192.", HelpName = "MIB",
        }.AtLeast(1);
        var (minFrames, timeout, json) = (SharedOptions.MinFrames(), SharedOptions.Timeout(), SharedOptions.Json());

        var command = new Command("diagnose",
            "Names what holds the heap, and the methods that are chained to themselves. "
            + "A running process stands still meanwhile for one full garbage collection and a walk over its heap.")
        {
            target, times, every, dump, attach, buffer, minFrames, timeout, save, json, html,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(save) is { Length: > 0 } graph && result.GetValue(html) is { Length: > 0 } page
                && Path.GetFullPath(graph) == Path.GetFullPath(page))
                result.AddError("--save and --html name the same file. Name two.");
            if (result.GetResult(every) is { Implicit: false } && result.GetValue(times) == 1)
                result.AddError("--every says how long to wait between captures, but there is only one. Give --times 3, too.");
            if (result.GetValue(dump) && result.GetValue(attach))
                result.AddError("--dump and --attach exclude each other. Give one of them.");
        });
        command.SetAction(async (parsed, cancelled) =>
        {
            var means = parsed.GetValue(attach) ? CaptureMeans.Attach
                : parsed.GetValue(dump) ? CaptureMeans.Dump
                : CaptureMeans.Graph;
            Snapshot Capture() =>
                Heaps.Read(parsed.GetRequiredValue(target), means, TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                    parsed.GetValue(buffer) is > 0 and var most ? most : null);

            foreach (var file in new[] { parsed.GetValue(save), parsed.GetValue(html) }.OfType<string>())
                PrivateFile.Check(file);

            var count = parsed.GetValue(times);
            if (count > 1 && File.Exists(parsed.GetRequiredValue(target)))
                throw new ToolException(ExitCode.Usage,
                    $"--times captures a process again, but '{parsed.GetRequiredValue(target)}' is a file. "
                    + "`safeloop compare` compares files.");
            var earlier = await Earlier.CaptureAsync(Capture, count - 1, TimeSpan.FromSeconds(parsed.GetValue(every)), cancelled);
            var snapshot = Capture();
            var report = Diagnoser.Diagnose(snapshot, parsed.GetValue(minFrames), earlier);
            if (parsed.GetValue(json))
                await Console.Out.WriteLineAsync(JsonReport.Of(report));
            else
                TextReport.Write(Console.Out, report);

            // After the report, which must not be lost with a file that cannot be written.
            if (parsed.GetValue(save) is { } graphFile)
                SavedGraph.Write(graphFile, snapshot);
            if (parsed.GetValue(html) is { } pageFile)
                HtmlReport.Write(pageFile, report);
            return ExitCodes.Of(report);
        });
        return command;
    }
}
