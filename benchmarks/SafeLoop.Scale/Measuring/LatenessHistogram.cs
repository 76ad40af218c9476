using System.Diagnostics;
using System.Numerics;

namespace SafeLoop.Scale.Measuring;

/// <summary>Counts durations in buckets that are at most 1/64 of their value wide, after Tene's HdrHistogram.</summary>
internal sealed class LatenessHistogram
{
    private const int Steps = 64;                 // per doubling
    private const int Buckets = 40 * Steps;       // from a microsecond up to more than a week

    private readonly long[] _counts = new long[Buckets];

    public long Count => _counts.Sum();

    /// <param name="ticks">Of <see cref="Stopwatch"/>; less than nothing counts as nothing.</param>
    public void Add(long ticks) => _counts[BucketOf((ulong)Math.Max(0, ticks) * 1_000_000 / (ulong)Stopwatch.Frequency)]++;

    public void Add(LatenessHistogram other)
    {
        for (var i = 0; i < Buckets; i++)
            _counts[i] += other._counts[i];
    }

    /// <summary>What was added since an earlier reading.</summary>
    public LatenessHistogram Since(LatenessHistogram earlier)
    {
        var difference = new LatenessHistogram();
        for (var i = 0; i < Buckets; i++)
            difference._counts[i] = _counts[i] - earlier._counts[i];
        return difference;
    }

    /// <summary>The milliseconds which a share of all does not exceed; 0 when there are none.</summary>
    public double Milliseconds(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i < Buckets; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
                return UpperBound(i) / 1000.0;
        }
        return 0;
    }

    private static int BucketOf(ulong microseconds)
    {
        if (microseconds < Steps)
            return (int)microseconds;
        var doublings = BitOperations.Log2(microseconds) - BitOperations.Log2(Steps);
        return Math.Min(Buckets - 1, ((doublings + 1) * Steps) + (int)(microseconds >> doublings) - Steps);
    }

    private static double UpperBound(int bucket)
    {
        if (bucket < Steps)
            return bucket;
        var doublings = (bucket / Steps) - 1;
        return (double)((ulong)((bucket % Steps) + Steps + 1) << doublings) - 1;
    }
}
