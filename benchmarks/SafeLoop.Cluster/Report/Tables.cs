using System.Text;
using SafeLoop.Cluster.Running;
using SafeLoop.Scale;
using SafeLoop.Store.Measuring;

namespace SafeLoop.Cluster.Report;

/// <summary>The results as Markdown.</summary>
internal static class Tables
{
    public static string Text(ClusterOptions options, ResultBook book, IReadOnlyList<Aim> aims)
    {
        var text = new StringBuilder();
        text.AppendLine($"""
            {options.Keys:#,0} keys every 10 s, {ClusterOptions.Silos} silos, {options.Shards:#,0} shards, Redis on the loopback.
            The lease is {ClusterOptions.Lease.TotalSeconds:0} s. Medians of {options.Runs} runs; of lost and doubled the most.
            {Machine.Describe()}.

            | fault | all owned after, s | last move after, s | moved, fair shares | extra gap, s | lost | doubled |
            |---|---:|---:|---:|---:|---:|---:|
            """);
        foreach (var fault in Fault.All.Where(fault => book.Of(fault.Id).Count > 0))
            text.AppendLine(Row(fault.Name, book.Of(fault.Id)));
        if (book.Steady(SteadyResult.One).Count > 0)
            text.AppendLine().AppendLine(Cost(options, new(options, book)));
        text.AppendLine().AppendLine("| aim | measured | |").AppendLine("|---|---|---|");
        foreach (var aim in aims)
            text.AppendLine($"| {aim.What} | {aim.Measured} | {aim.Word} |");
        return text.ToString();
    }

    private static string Row(string name, IReadOnlyList<FaultResult> results)
    {
        double Of(Func<FaultResult, double> figure) => Median.Of(results.Select(figure));
        return $"| {name} | {Of(result => result.Owned?.TotalSeconds ?? double.PositiveInfinity):0.0} "
            + $"| {Of(result => result.Moved.TotalSeconds):0.0} | {Of(result => result.Shares):0.00} "
            + $"| {Of(result => result.ExtraGap.TotalSeconds):0.00} | {results.Max(result => result.Lost):#,0} "
            + $"| {results.Max(result => result.Doubled):#,0} |";
    }

    private static string Cost(ClusterOptions options, Costs costs)
    {
        var (large, small) = (1000, options.Keys / options.Shards);
        return $"""
            | what | heap per key | CPU per iteration |
            |---|---:|---:|
            | one process, {options.KeysOfOne:#,0} keys | {Own(costs, SteadyResult.One)} |
            | three silos, {large:#,0} keys a shard | {Own(costs, SteadyResult.LargeShards)} |
            | three silos, {small:#,0} keys a shard | {Own(costs, SteadyResult.Cluster)} |
            | three idle silos | | {costs.IdleMicroseconds:0.0} µs |
            | a grain per key with a `GrainTimer`, {options.KeysOfOne:#,0} keys | {Own(costs, SteadyResult.Grains)} |
            """;
    }

    private static string Own(Costs costs, string what) =>
        $"{costs.Bytes(what):#,0} B ({costs.Heap(what):0.00} ×) | {costs.Microseconds(what):0.0} µs "
        + $"({costs.Microseconds(what) / costs.Microseconds(SteadyResult.One):0.00} ×)";
}
