using Samples;
using SafeLoop.Cluster.Running;

namespace SafeLoop.Cluster;

/// <summary>The command line.</summary>
internal static class ClusterArguments
{
    public const string Cost = "cost";

    public static readonly string Usage = $"""
        Three silos share a loop per key, every 10 seconds. Measures their faults and what the cluster costs.

          --keys N      the number of keys (default 300000)
          --shards N    the number of shards (default 1024)
          --runs N      the figures are medians of so many runs (default 1)
          --window N    how many seconds the steady state is measured (default 20)
          --only A,B,…  what is measured (default all): {string.Join(", ", All)}

        '{Cost}' is memory, CPU and calls of the store in the steady state, beside one process and a grain per key.
        The exit code is 1 when an aim was measured and not reached.
        """;

    private static IEnumerable<string> All => Fault.All.Select(fault => fault.Id).Prepend(Cost);

    /// <returns>
    /// The options; null when the user asked for help or made a mistake, which <paramref name="problem"/> then names.
    /// </returns>
    public static ClusterOptions? Parse(IReadOnlyList<string> args, out string? problem)
    {
        var line = CommandLine.Parse(args, "--keys", "--shards", "--runs", "--window", "--only");
        var options = new ClusterOptions(
            line.Number("--keys", 3_000_000) ?? 300_000,
            line.Number("--shards", 65_536) ?? 1024,
            line.Number("--runs", 99) ?? 1,
            TimeSpan.FromSeconds(line.Number("--window", 100) ?? 20),
            line.Text("--only")?.Split(',') ?? [.. All]);
        problem = line.Problem;
        if (options.Parts.FirstOrDefault(part => !All.Contains(part)) is { } unknown)
            problem ??= $"--only has '{unknown}', which is none of {string.Join(", ", All)}.";
        return problem is null && !line.WantsHelp ? options : null;
    }
}
