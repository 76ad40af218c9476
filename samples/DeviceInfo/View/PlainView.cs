using System.Globalization;
using Samples;

namespace DeviceInfo.View;

/// <summary>Plain lines for a file or a pipe: one for each task that has moved on, and one status line, every second.</summary>
internal sealed class PlainView(TextWriter output, TimeProvider clock) : IView
{
    private readonly Dictionary<string, long> _shown = [];

    public async Task ShowAsync(Func<Screen> look, CancellationToken stopping)
    {
        await Tick.EveryAsync(Views.Refresh, clock, () => Write(look()), stopping);
        WriteOutcomes(look()); // what ended between the last tick and the stop
    }

    private void Write(Screen screen)
    {
        WriteOutcomes(screen);
        output.WriteLine(
            $"{Time(screen.Now)} heap {ByteSize.Text(screen.HeapNow)} (start {ByteSize.Text(screen.HeapAtStart)}), {screen.RowsWritten} rows written");
    }

    private void WriteOutcomes(Screen screen)
    {
        foreach (var task in screen.Tasks)
        {
            if (task.Iterations == _shown.GetValueOrDefault(task.Name))
                continue;

            _shown[task.Name] = task.Iterations;
            output.WriteLine($"{Time(screen.Now)} {task.Name} #{task.Iterations} {Outcome(task)}, {Next(task, screen.Now)}");
        }
    }

    private static string Outcome(TaskRow task) =>
        task.LastError is null ? task.LastOutcome ?? "no outcome" : $"{task.LastOutcome} ({task.LastError})";

    private static string Next(TaskRow task, DateTimeOffset now) =>
        task.NextSlot is { } slot ? $"next {Time(slot.ToOffset(now.Offset))}" : $"no next slot ({task.State})";

    private static string Time(DateTimeOffset instant) => instant.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
