using DeviceInfo.View;
using Microsoft.Extensions.Time.Testing;
using Samples.Tests.Support;

namespace Samples.Tests.DeviceInfo.View;

public sealed class PlainViewTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordedLines _output = new();

    [Fact]
    public async Task A_task_that_moved_on_gets_one_line_and_every_second_a_status_line()
    {
        using var stop = new CancellationTokenSource();
        var iterations = 0;
        var view = new PlainView(_output, _clock).ShowAsync(() => Look(iterations), stop.Token);

        Assert.Equal("12:00:00 heap 2.0 KiB (start 1.0 KiB), 3 rows written", await _output.NextAsync());

        iterations = 1;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("12:00:01 update #1 Failed (no sensor), next 12:00:05", await _output.NextAsync());
        Assert.Equal("12:00:01 heap 2.0 KiB (start 1.0 KiB), 3 rows written", await _output.NextAsync());

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("12:00:02 heap 2.0 KiB (start 1.0 KiB), 3 rows written", await _output.NextAsync());

        iterations = 2;
        await stop.CancelAsync();
        await view.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("12:00:02 update #2 Failed (no sensor), next 12:00:05", await _output.NextAsync());
    }

    private Screen Look(int iterations) => new(
        _clock.GetUtcNow(),
        [new TaskRow("update", "Waiting", "Failed", "no sensor", new DateTimeOffset(2026, 1, 1, 13, 0, 5, TimeSpan.FromHours(1)), iterations, new Dictionary<string, long>())],
        Device: null, RowsWritten: 3, HeapAtStart: 1024, HeapNow: 2048);
}
