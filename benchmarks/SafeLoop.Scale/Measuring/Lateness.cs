using System.Diagnostics;

namespace SafeLoop.Scale.Measuring;

/// <summary>What every step here does: it notes how late it is. This is also how iterations are counted.</summary>
/// <remarks>
/// One per process. Each thread has its own counts, so that noting costs every engine the same few nanoseconds.
/// </remarks>
internal static class Lateness
{
    [ThreadStatic]
    private static LatenessHistogram? _mine;

    private static readonly List<LatenessHistogram> All = [];

    public static void Note(DateTimeOffset slot) => Note(Ticks.Of(slot));

    /// <param name="due">A timestamp of <see cref="Stopwatch"/>.</param>
    public static void Note(long due) => (_mine ?? Join()).Add(Stopwatch.GetTimestamp() - due);

    /// <summary>All that was noted so far. Threads may go on noting.</summary>
    public static LatenessHistogram Read()
    {
        var sum = new LatenessHistogram();
        lock (All)
            All.ForEach(sum.Add);
        return sum;
    }

    private static LatenessHistogram Join()
    {
        _mine = new LatenessHistogram();
        lock (All)
            All.Add(_mine);
        return _mine;
    }
}
