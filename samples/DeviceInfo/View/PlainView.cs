using System.Globalization;
using System.Threading.Channels;
using Samples;
using SafeLoop;

namespace DeviceInfo.View;

/// <summary>Plain lines for a file or a pipe: one for each iteration that ends, and now and then one for the heap.</summary>
internal sealed class PlainView(TextWriter output, TimeProvider clock) : IView, IRecurringTaskObserver
{
    public static readonly TimeSpan StatusPeriod = TimeSpan.FromSeconds(5);

    // Bounded, because a pipe may be read slowly or not at all. The iterations are numbered: a gap shows.
    private readonly Channel<EndedIteration> _ended =
        Channel.CreateBounded<EndedIteration>(new BoundedChannelOptions(1024)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true
        });

    /// <summary>Called on the loop's thread, where nothing may be written: only takes a note.</summary>
    public void OnEvent(in LoopEvent loopEvent)
    {
        if (loopEvent.Kind is LoopEventKind.IterationEnded)
            _ended.Writer.TryWrite(new EndedIteration(loopEvent.TaskName, loopEvent.Record, loopEvent.Exception?.Message));
    }

    public async Task ShowAsync(Func<Screen> look, CancellationToken stopping)
    {
        output.WriteLine($"Writing to {look().Database}");
        var lines = WriteLinesAsync();
        await Tick.EveryAsync(StatusPeriod, clock, () => output.WriteLine(Status(look())), stopping);
        _ended.Writer.Complete();
        await lines;
    }

    private async Task WriteLinesAsync()
    {
        await foreach (var ended in _ended.Reader.ReadAllAsync())
            output.WriteLine(Line(ended));
    }

    private string Line(EndedIteration ended)
    {
        var (task, record, error) = ended;
        var number = record.Number > 0 ? $" #{record.Number}" : "";
        var reason = record.Reason is OutcomeReason.None ? "" : $" ({record.Reason})";
        var slots = record.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" {record.Count} slots") : "";
        var elapsed = record.Outcome is IterationOutcome.Skipped
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" in {record.Elapsed.TotalMilliseconds:0.0} ms");
        return $"{Time(record.Started + record.Elapsed)} {task}{number} "
            + $"{record.Outcome}{reason}{slots}{elapsed}{(error is null ? "" : ": " + error)}";
    }

    private string Status(Screen screen) =>
        $"{Time(screen.Now)} heap {ByteSize.Text(screen.HeapNow)} (start {ByteSize.Text(screen.HeapAtStart)}), "
        + $"{screen.RowsWritten} rows written";

    private string Time(DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, clock.LocalTimeZone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
