using System.Text;
using Samples;

namespace DeviceInfo.View;

/// <summary>What the run did, in a few lines for its end.</summary>
internal static class Summary
{
    public static string Of(Screen screen)
    {
        var text = new StringBuilder("Summary").AppendLine();
        var width = screen.Tasks.Select(task => task.Name.Length).DefaultIfEmpty().Max();
        foreach (var task in screen.Tasks)
            text.AppendLine($"  {task.Name.PadRight(width)}  {task.Iterations} iterations{Outcomes(task)}");

        return text
            .AppendLine($"  rows written: {screen.RowsWritten} to {screen.Database}")
            .AppendLine($"  heap: {ByteSize.Text(screen.HeapAtStart)} at start, {ByteSize.Text(screen.HeapNow)} at end")
            .ToString();
    }

    private static string Outcomes(TaskRow task) => task.Outcomes.Count == 0
        ? ""
        : ": "
            + string.Join(", ", task.Outcomes.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Value} {pair.Key}"));
}
