using System.Globalization;

namespace SafeLoop.Dashboard;

/// <summary>
/// Places samples of a heap in a chart: from the first to the last sample, and from 0 up to the limit, or up to twice the highest
/// sample when the limit is above that.
/// </summary>
internal sealed class HeapScale
{
    public const int Width = 240, Height = 100;

    // More points would make the page larger without a visible difference.
    private const int Most = 120;

    private readonly DateTimeOffset _first;
    private readonly TimeSpan _span;
    private readonly double _top;

    /// <param name="samples">The samples, oldest first; at least one.</param>
    public HeapScale(IReadOnlyList<InstanceSample> samples)
    {
        Highest = samples.Max(sample => sample.HeapSize);
        Limit = samples[^1].HeapLimit;
        HasLimit = Limit > 0 && Limit <= 2 * Highest; // otherwise the trend would be a line along the bottom
        _top = Math.Max(1, Math.Max(HasLimit ? Limit : 2 * Highest, Highest));
        (_first, _span) = (samples[0].Taken, samples[^1].Taken - samples[0].Taken);
        Line = Write(samples);
    }

    public long Highest { get; }

    public long Limit { get; }

    /// <summary>True when the limit is in the chart.</summary>
    public bool HasLimit { get; }

    /// <summary>The points of the line.</summary>
    public string Line { get; }

    /// <summary>The height at which a size lies.</summary>
    public string At(long size) => Number(Height - 1 - ((Height - 2) * size / _top));

    /// <summary>At most as many samples as a chart can show: of each part the one with the largest heap, and the last.</summary>
    public static IReadOnlyList<InstanceSample> Thin(IReadOnlyList<InstanceSample> samples)
    {
        if (samples.Count <= Most)
            return samples;
        var each = (samples.Count + Most - 1) / Most;
        return [samples[0], .. samples.Skip(1).SkipLast(1).Chunk(each).Select(Largest), samples[^1]];

        static InstanceSample Largest(InstanceSample[] part) => part.MaxBy(sample => sample.HeapSize)!;
    }

    // From the left edge on, also for a single sample.
    private string Write(IReadOnlyList<InstanceSample> samples) => string.Join(
        ' ',
        samples.Select(sample => $"{X(sample.Taken)},{At(sample.HeapSize)}").Prepend($"0,{At(samples[0].HeapSize)}"));

    private string X(DateTimeOffset at) => Number(_span == TimeSpan.Zero ? Width : Width * ((at - _first) / _span));

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
