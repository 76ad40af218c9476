using System.Runtime.ExceptionServices;
using Microsoft.Diagnostics.Tracing;

namespace SafeLoop.Tool;

/// <summary>Turns the counters and collections of a process into measures, and reports them at each moment.</summary>
internal sealed class WatchSession(TargetProcess target, long heapLimit, TimeProvider time)
{
    private const double MB = 1_000_000;

    /// <summary>A process may leak a gigabyte in three seconds.</summary>
    private const double Interval = 0.2;

    private static readonly TimeSpan GrowthWindow = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseWindow = TimeSpan.FromSeconds(10);

    private readonly Queue<(TimeSpan At, double Heap)> _heaps = new();
    private readonly Queue<(TimeSpan At, double Milliseconds)> _pauses = new();
    private readonly Measures _measures = new() { ["heap_limit"] = heapLimit };
    private readonly long _began = time.GetTimestamp();
    private int _moments;

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>Reads until the process ends, or <paramref name="moment"/> says that it is enough. Blocks.</summary>
    /// <param name="limit">How long the process may take to begin.</param>
    /// <param name="moment">Called with the measures a few times a second; returns true to go on.
    /// While it runs, only the watch waits, not the process.</param>
    /// <param name="cancelled">Ends it too.</param>
    public void Run(TimeSpan limit, Func<Measures, TimeSpan, bool> moment, CancellationToken cancelled)
    {
        var isOver = false;
        ExceptionDispatchInfo? failure = null;
        using var session = EventSession.Counters(target, Interval, limit, runs: Timeout.InfiniteTimeSpan, time, cancelled);
        session.Process(source =>
        {
            WatchPauses(source);
            RuntimeCounters.On(source, (name, value) =>
            {
                // The heap comes last into a moment; whatever else has not come yet is a fifth of a second
                // old. At the first there is nothing.
                if (isOver || !Take(name, value) || _moments++ == 0 || Goes())
                    return;
                isOver = true;
                ThreadPool.QueueUserWorkItem(_ => session.Stop());
            });
        });
        failure?.Throw();

        // What fails in here is no end of the stream, which the reader would take it for.
        bool Goes()
        {
            try
            {
                return moment(_measures, Now);
            }
            catch (Exception error)
            {
                // Thrown again when the stream has been left.
                failure = ExceptionDispatchInfo.Capture(error);
                return false;
            }
        }
    }

    private bool Take(string counter, double value)
    {
        switch (counter)
        {
            case "gc-committed":
                _measures["heap_committed"] = value * MB;
                return false;
            case "working-set":
                _measures["rss"] = value * MB;
                return false;
            case "gen-2-gc-count":
                _measures["gen2_collections"] += value;
                return false;
            case "alloc-rate":
                _measures["allocation_rate"] = value / Interval;
                return false;
            case "gc-heap-size":
                _measures["heap_used"] = value * MB;
                _measures["heap_growth_per_minute"] = GrowthPerMinute(Now, value * MB);
                _measures["gc_pause_ratio"] = PauseRatio(Now);
                return true;
            default:
                return false;
        }
    }

    private void WatchPauses(EventPipeEventSource source)
    {
        var suspended = double.NaN;
        source.Clr.GCSuspendEEStart += data => suspended = data.TimeStampRelativeMSec;
        source.Clr.GCRestartEEStop += data =>
        {
            if (!double.IsNaN(suspended))
                _pauses.Enqueue((Now, data.TimeStampRelativeMSec - suspended));
            suspended = double.NaN;
        };
    }

    private double PauseRatio(TimeSpan now)
    {
        while (_pauses.TryPeek(out var oldest) && now - oldest.At > PauseWindow)
            _pauses.Dequeue();
        return Math.Min(
            1, _pauses.Sum(pause => pause.Milliseconds) / Math.Min(PauseWindow.TotalMilliseconds, now.TotalMilliseconds));
    }

    private double GrowthPerMinute(TimeSpan now, double heap)
    {
        _heaps.Enqueue((now, heap));
        while (now - _heaps.Peek().At > GrowthWindow)
            _heaps.Dequeue();
        var first = _heaps.Peek();
        return now > first.At ? (heap - first.Heap) / (now - first.At).TotalMinutes : 0;
    }
}
