using System.Text.Json.Serialization;

namespace SafeLoop.Tool;

/// <summary>What an owner retained in each of several captures.</summary>
/// <param name="Bytes">From the first capture to the last: at least two.</param>
/// <param name="HeapMore">By how much the whole heap grew meanwhile.</param>
/// <param name="Seconds">From the first capture to the last.</param>
/// <param name="Survived">
/// Of what each earlier capture held, the part that the last one holds still, 0 to 1; null where it is not known.
/// </param>
internal sealed record OwnerGrowth(IReadOnlyList<long> Bytes, long HeapMore, double Seconds, IReadOnlyList<double?> Survived)
{
    /// <summary>When each of the captures was taken.</summary>
    [JsonIgnore]
    public IReadOnlyList<DateTimeOffset> Times { get; init; } = [];

    /// <summary>
    /// Of what the last but one of the earlier captures held, the part that lay still since the last one, 0 to 1; null where it
    /// is not known.
    /// </summary>
    public double? OldSurvived { get; init; }

    /// <summary>
    /// Less than most of what some earlier capture held is still there: work comes and goes, and there is more of it. One capture
    /// suffices, because new objects may lie where gone ones lay, and then look as if they had survived. Where nearly all old
    /// objects are still there, the others were moved when they were young.
    /// </summary>
    public bool IsTurnover => Survived.Min() < Survivors.Most && !(OldSurvived >= Survivors.NearlyAll);

    /// <summary>
    /// It grows by less than a quarter of what it grew by at first, in the same time: a cache that fills up does.
    /// </summary>
    public bool IsSlowing => Times.Count == Bytes.Count && Bytes.Count > 2 && Rate(Bytes.Count - 1) * 4 < Rate(1);

    /// <summary>Less is what a diagnosis itself leaves behind.</summary>
    private const long LeastBytes = 1024 * 1024;

    public long More => Bytes[^1] - Bytes[0];

    /// <summary>
    /// Honest work comes and goes: only what grew from each capture to the next, and by more than a hundredth, has grown.
    /// </summary>
    public bool IsGrowing =>
        More >= LeastBytes && Bytes.Zip(Bytes.Skip(1)).All(pair => pair.Second > pair.First
            && pair.Second - pair.First >= pair.First / 100);

    /// <summary>Bytes in a second, up to the capture.</summary>
    private double Rate(int capture) =>
        (Bytes[capture] - Bytes[capture - 1]) / Math.Max(0.001, (Times[capture] - Times[capture - 1]).TotalSeconds);
}
