using ClusterSample;
using SafeLoop.Cluster.Running;
using SafeLoop.Store.Measuring;

namespace SafeLoop.Cluster.Report;

/// <summary>The figures that the cluster must reach.</summary>
internal static class Aims
{
    private static readonly TimeSpan Lease = ClusterOptions.Lease, Recovery = Lease + TimeSpan.FromSeconds(1.5);

    public static IReadOnlyList<Aim> Judge(ClusterOptions options, ResultBook book) =>
    [
        .. new[] { Fault.Kill, Fault.Freeze }.SelectMany(id => AfterCrash(options, book, id)),
        .. new[] { Fault.Stop, Fault.Add }.SelectMany(id => AfterMove(book, id)),
        .. new[] { Fault.BriefSilence, Fault.LongSilence, Fault.Busy }.SelectMany(id => Undisturbed(book, id)),
        .. Cost(options, book),
    ];

    private static IEnumerable<Aim> AfterCrash(ClusterOptions options, ResultBook book, string id)
    {
        var results = book.Of(id);
        var name = NameOf(id);
        // A silo notes how far it has come at each third of its lease.
        var interval = options.KeysOfOne * (Lease / 3 / UpdateDevice.Period);
        yield return AtMost($"{name}: all owned after ≤ {Recovery.TotalSeconds:0.0} s", results,
            result => (result.Owned ?? TimeSpan.MaxValue).TotalSeconds, Recovery.TotalSeconds, "0.0 s");
        yield return None($"{name}: 0 lost", results, result => result.Lost);
        yield return AtMost($"{name}: doubled ≤ the slots of a silo in a third of a lease, {interval:#,0}", results,
            result => result.Doubled, interval, "#,0");
    }

    private static IEnumerable<Aim> AfterMove(ResultBook book, string id)
    {
        foreach (var aim in Undisturbed(book, id))
            yield return aim;
        yield return AtMost(
            $"{NameOf(id)}: extra gap ≤ 1.5 s", book.Of(id), result => result.ExtraGap.TotalSeconds, 1.5, "0.00 s");
        yield return AtMost($"{NameOf(id)}: moved ≤ 1.1 fair shares", book.Of(id), result => result.Shares, 1.1, "0.00");
    }

    private static IEnumerable<Aim> Undisturbed(ResultBook book, string id)
    {
        yield return None($"{NameOf(id)}: 0 lost", book.Of(id), result => result.Lost);
        yield return None($"{NameOf(id)}: 0 doubled", book.Of(id), result => result.Doubled);
    }

    private static IEnumerable<Aim> Cost(ClusterOptions options, ResultBook book)
    {
        var costs = new Costs(options, book);
        yield return AtMost("heap per key ÷ one process, 1,000 keys a shard ≤ 1.15", costs.Heap(SteadyResult.LargeShards), 1.15);
        yield return AtMost("CPU per iteration ÷ one process, less idle silos ≤ 1.25", costs.Cpu(SteadyResult.LargeShards), 1.25);
        var edge = Lease / options.Window; // a call of each silo that is just within the window
        yield return AtMost("calls of the store per lease and silo ≤ 3", costs.CallsPerLease, 3 + edge);
        yield return AtMost(
            "calls of the store per iteration: 0 (rounded to hundredths)", costs.CallsPerIteration, 0.005, "0.00000");
    }

    private static Aim AtMost(string what, double? value, double limit, string format = "0.00") =>
        new(what, value?.ToString(format) ?? "–", value is null ? null : value <= limit);

    private static Aim AtMost(
        string what, IReadOnlyList<FaultResult> results, Func<FaultResult, double> figure, double limit, string format)
    {
        if (results.Count == 0)
            return new(what, "–", null);
        var median = Median.Of(results.Select(figure));
        var range = results.Count == 1 ? ""
            : $" ({results.Min(figure).ToString(format)} to {results.Max(figure).ToString(format)})";
        return new(what, median.ToString(format) + range, median <= limit);
    }

    /// <summary>Judges the worst run, because a median would hide a lost slot.</summary>
    private static Aim None(string what, IReadOnlyList<FaultResult> results, Func<FaultResult, long> figure) =>
        results.Count == 0 ? new(what, "–", null) : new(what, $"{results.Max(figure):#,0}", results.Max(figure) == 0);

    private static string NameOf(string id) => Fault.All.Single(fault => fault.Id == id).Name;
}
