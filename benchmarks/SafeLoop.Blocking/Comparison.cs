using System.Globalization;

namespace SafeLoop.Blocking;

/// <summary>Measures all engines in turns, so that each runs under the same load of the machine.</summary>
internal static class Comparison
{
    public static async Task RunAsync(int rounds)
    {
        var measured = EngineCatalog.All.Keys.ToDictionary(engine => engine, _ => new List<Measurement>());
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var engine in EngineCatalog.All.Keys)
            {
                measured[engine].Add(Measurement.Run(engine));
                var line = FormattableString.Invariant($"round {round}: {engine}: {measured[engine][^1].Runs} runs");
                await Console.Error.WriteLineAsync(line);
            }
        }

        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"| engine | runs of {Scene.Due} (each round) | other work waits, ms (median) |"));
        await Console.Out.WriteLineAsync("|---|---:|---:|");
        foreach (var (engine, results) in measured)
        {
            var runs = string.Join(" · ", results.Select(result => Math.Min(result.Runs, Scene.Due)));
            var waits = results.Select(result => result.OthersWait.TotalMilliseconds).Order().ToArray();
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"| {engine} | {runs} | {waits[waits.Length / 2]:N0} |"));
        }
    }
}
