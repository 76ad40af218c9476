using DeviceInfo.View;
using Microsoft.Extensions.Time.Testing;
using SafeLoop;
using Samples.Tests.Support;

namespace Samples.Tests.DeviceInfo.View;

public sealed class PlainViewTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly RecordedLines _output = new();

    [Fact]
    public async Task Every_end_gets_one_line_and_now_and_then_comes_a_status_line()
    {
        using var stop = new CancellationTokenSource();
        var view = new PlainView(_output, _clock);
        var shown = view.ShowAsync(Look, stop.Token);
        Assert.Equal("Writing to device.db", await _output.NextAsync());
        Assert.Equal("12:00:00 heap 2.0 KiB (start 1.0 KiB), 3 rows written", await _output.NextAsync());

        view.OnEvent(Ended(new()
        {
            Number = 1,
            Started = Noon,
            Elapsed = TimeSpan.FromMilliseconds(1.5),
            Outcome = IterationOutcome.Failed,
            Count = 1
        }, new InvalidOperationException("no sensor")));
        Assert.Equal("12:00:00 update #1 Failed in 1.5 ms: no sensor", await _output.NextAsync());
        view.OnEvent(
            Ended(new() { Started = Noon, Outcome = IterationOutcome.Skipped, Reason = OutcomeReason.Paused, Count = 2 }));
        Assert.Equal("12:00:00 update Skipped (Paused) 2 slots", await _output.NextAsync());

        _clock.Advance(PlainView.StatusPeriod);
        Assert.Equal("12:00:05 heap 2.0 KiB (start 1.0 KiB), 3 rows written", await _output.NextAsync());

        view.OnEvent(Ended(new() { Number = 2, Started = Noon, Outcome = IterationOutcome.Succeeded, Count = 1 }));
        await stop.CancelAsync();
        await shown.WaitAsync(Patience.Last);
        Assert.Equal("12:00:00 update #2 Succeeded in 0.0 ms", await _output.NextAsync());
    }

    private static LoopEvent Ended(IterationRecord record, Exception? error = null) =>
        new() { Kind = LoopEventKind.IterationEnded, TaskName = "update", Record = record, Exception = error };

    private Screen Look() =>
        new(_clock.GetUtcNow(), [], Device: null, "device.db", RowsWritten: 3, HeapAtStart: 1024, HeapNow: 2048);
}
