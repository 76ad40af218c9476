using System.Globalization;

namespace SafeLoop;

/// <summary>
/// Checks the size of the heap after full collections. Publishes an alert when it is above the threshold twice in a row and
/// rising.
/// </summary>
/// <remarks>
/// One high value is a peak; two rising values indicate a leak. The alert is published once, until the heap is below the
/// threshold again.
/// </remarks>
internal sealed class MemoryWatch(double threshold, LoopObservers observers, Func<HeapState> read)
{
    public const string Name = "memoryWatch";

    private HeapState _last;
    private volatile string? _alert;

    /// <summary>The current alert; null when there is none.</summary>
    public string? Alert => _alert;

    public void Check()
    {
        var now = read();
        if (now.Collection <= _last.Collection)
            return;
        var before = _last;
        _last = now;

        if (now.Share <= threshold)
        {
            _alert = null;
        }
        else if (before.Share > threshold && now.Used > before.Used && _alert is null)
        {
            _alert = Sentence(before, now);
            observers.Publish(new() { Kind = LoopEventKind.MemoryRising, TaskName = Name, Text = _alert });
        }
    }

    private static string Sentence(HeapState before, HeapState now) => string.Create(
        CultureInfo.InvariantCulture,
        $"The heap holds {Megabytes(now.Used):N0} MB of {Megabytes(now.Limit):N0} MB ({now.Share:P0}) after a full collection, "
            + $"{Megabytes(now.Used - before.Used):N1} MB more than after the one before. "
            + $"To see what keeps it: safeloop diagnose {Environment.ProcessId}");

    private static double Megabytes(long bytes) => bytes / 1048576.0;
}
