using System.Globalization;
using Samples;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeviceInfo.View;

/// <summary>A screen as Spectre.Console tables.</summary>
internal static class ScreenLayout
{
    public static IRenderable Of(Screen screen) => new Rows(Tasks(screen), DeviceTable.Of(screen.Device), Footer(screen));

    private static Table Tasks(Screen screen)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey).Expand();
        table.AddColumns("task", "state", "last outcome", "next slot");
        table.AddColumn("iterations", column => column.RightAligned());
        foreach (var task in screen.Tasks)
        {
            table.AddRow(
                Text(task.Name),
                Text(task.State),
                Outcome(task),
                Text(Next(task.NextSlot, screen.Now)),
                Text(task.Iterations.ToString("N0", CultureInfo.InvariantCulture)));
        }

        return table;
    }

    private static Markup Footer(Screen screen)
    {
        var change = screen.HeapNow - screen.HeapAtStart;
        return new Markup(
            $" heap [bold]{ByteSize.Text(screen.HeapNow)}[/] [grey](start {ByteSize.Text(screen.HeapAtStart)}, "
            + $"{(change < 0 ? "" : "+")}{ByteSize.Text(change)})[/]" +
            $"   rows written [bold]{screen.RowsWritten.ToString("N0", CultureInfo.InvariantCulture)}[/]   [grey]to "
            + $"{Markup.Escape(screen.Database)}   Ctrl+C ends it[/]");
    }

    private static Markup Outcome(TaskRow task)
    {
        var color = task.LastOutcome switch
        {
            null => "grey",
            "Succeeded" => "green",
            "Failed" or "TimedOut" => "red",
            _ => "yellow",
        };
        var error = task.LastError is null ? "" : $" [grey]{Markup.Escape(task.LastError)}[/]";
        return new Markup($"[{color}]{Markup.Escape(task.LastOutcome ?? "none yet")}[/]{error}");
    }

    private static string Next(DateTimeOffset? slot, DateTimeOffset now) => slot is not { } next ? "none"
        : next <= now ? "now"
        : next - now < TimeSpan.FromMinutes(1)
            ? string.Create(CultureInfo.InvariantCulture, $"in {(next - now).TotalSeconds:0.0} s")
        : next.ToOffset(now.Offset).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    // Names and states come from outside: never let a bracket in them be read as markup.
    private static Text Text(string text) => new(text);
}
