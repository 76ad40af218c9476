namespace SafeLoop.Tool;

/// <summary>A line a second: the bars, one below the other, are the chart of the heap.</summary>
internal sealed class TextView(TextWriter output) : IWatchView
{
    private const int Bar = 30;

    public void Moment(DateTimeOffset at, Measures measures)
    {
        var share = measures["heap_used"] / Math.Max(1, measures["heap_limit"]);
        var filled = (int)Math.Clamp(share * Bar, 0, Bar);
        output.WriteLine(string.Join("  ",
            at.ToLocalTime().ToString("HH:mm:ss", Text.Culture),
            $"{new string('█', filled)}{new string('░', Bar - filled)} {Math.Floor(share * 100).ToString("0", Text.Culture),3} %",
            $"{Text.Bytes((long)measures["heap_used"]),10} of {Text.Bytes((long)measures["heap_limit"])}",
            $"gc pauses {(measures["gc_pause_ratio"] * 100).ToString("0.0", Text.Culture)} %",
            $"gen2 {measures["gen2_collections"].ToString("0", Text.Culture)}",
            $"{Text.Bytes((long)measures["heap_growth_per_minute"])}/min"));
    }

    public void Alert(Rule rule, DateTimeOffset at, Measures measures) =>
        output.WriteLine($"{at.ToLocalTime().ToString("HH:mm:ss", Text.Culture)}  {rule.Text}: capturing the heap. "
            + $"The process stands still for {Standstill.Of(CaptureMeans.Graph, (long)measures["rss"])}.");

    public void Report(LeakReport report, string? file)
    {
        output.WriteLine();
        TextReport.Write(output, report);
        output.WriteLine();
        if (file is not null)
            output.WriteLine($"Kept in {file}");
    }

    public void Problem(string sentence) => output.WriteLine(sentence);
}
