using DeviceInfo.Device;
using DeviceInfo.View;
using Spectre.Console;

namespace Samples.Tests.DeviceInfo.View;

public sealed class ScreenLayoutTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_screen_shows_tasks_device_and_heap()
    {
        var text =
            Render(new Screen(Noon, [Row("update")], Device(), "device.db", RowsWritten: 12, HeapAtStart: 2048, HeapNow: 1024));

        Assert.Contains("update", text);
        Assert.Contains("in 1.5 s", text);
        Assert.Contains("25.0 %", text);
        Assert.Contains("unknown available of 1000 B", text);
        Assert.Contains("heap 1.0 KiB (start 2.0 KiB, -1.0 KiB)", text);
        Assert.Contains("rows written 12", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Brackets_in_names_and_errors_are_text_not_markup()
    {
        var text = Render(new Screen(Noon, [Row("[red]", error: "index [0] [/]")], Device: null, "device.db", 0, 0, 0));

        Assert.Contains("[red]", text);
        Assert.Contains("index [0] [/]", text);
    }

    [Fact]
    public void A_summary_counts_iterations_outcomes_rows_and_heap()
    {
        Assert.Equal(
            """
            Summary
              update  3 iterations: 2 Succeeded, 1 Failed
              idle    0 iterations
              rows written: 12 to device.db
              heap: 2.0 KiB at start, 1.0 KiB at end

            """,
            Summary.Of(new Screen(
                Noon,
                [
                    Row("update") with { Outcomes = new Dictionary<string, long> { ["Failed"] = 1, ["Succeeded"] = 2 } },
                    Row("idle") with { Iterations = 0 },
                ],
                Device(), "device.db", RowsWritten: 12, HeapAtStart: 2048, HeapNow: 1024)));
    }

    private static TaskRow Row(string name, string? error = null) =>
        new(name, "Waiting", "Succeeded", error, Noon.AddSeconds(1.5), 3, new Dictionary<string, long>());

    private static DeviceReading Device() => new(Noon, 0.25, new MemoryReading(1000, null), [], [], []);

    private static string Render(Screen screen)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 120;
        console.Write(ScreenLayout.Of(screen));
        return output.ToString();
    }
}
