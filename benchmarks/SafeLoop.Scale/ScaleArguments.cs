using System.Globalization;
using Samples;
using SafeLoop.Scale.Engines;

namespace SafeLoop.Scale;

/// <summary>The command line.</summary>
internal static class ScaleArguments
{
    private const int MostLoops = 10_000_000;

    public static readonly string Usage = $"""
        Usage: SafeLoop.Scale [options]

          --loops N,N,…       how many loops each engine runs (default 1000,100000,390285,1000000)
          --engines ID,ID:N,… which ones, and with how many loops at most (default all): {EngineIds}
          --period SECONDS    how often each loop is due (default 10)
          --seconds SECONDS   how long is measured, after a first period to warm up (default 20)
          --idle SECONDS      how long is measured with nothing due (default 60)
          --repeat N          the figures are medians of so many runs (default 5)
          --timeout SECONDS   how long one run may take (default 300)
          --docs DIRECTORY    where performance.md and images/ are written (default docs)
          --results FILE      keep every run in this file; runs it already holds are not repeated
          --help              this text

        The exit code is 1 when a figure SafeLoop must reach was measured and not reached, or could not be measured.
        """;

    private static string EngineIds => string.Join(", ", EngineCatalog.All.Select(engine => engine.Id));

    /// <returns>
    /// The options; null when the user asked for help or made a mistake, which <paramref name="problem"/> then names.
    /// </returns>
    public static ScaleOptions? Parse(IReadOnlyList<string> args, out string? problem)
    {
        var line = CommandLine.Parse(args, "--loops", "--engines", "--period", "--seconds", "--idle", "--repeat", "--timeout",
            "--docs", "--results");
        TimeSpan Seconds(string name, int otherwise) => TimeSpan.FromSeconds(line.Number(name, 86_400) ?? otherwise);

        var options = new ScaleOptions(
            Loops(line.Text("--loops") ?? "1000,100000,390285,1000000", out var loopsProblem),
            Engines(line.Text("--engines"), out var most, out var enginesProblem),
            most,
            Seconds("--period", 10),
            Seconds("--seconds", 20),
            Seconds("--idle", 60),
            line.Number("--repeat", 99) ?? 5,
            Seconds("--timeout", 300),
            line.Text("--docs") ?? "docs",
            line.Text("--results"));

        problem = line.Problem ?? loopsProblem ?? enginesProblem ?? ProblemWith(options.Docs);
        return problem is null && !line.WantsHelp ? options : null;
    }

    private static int[] Loops(string text, out string? problem)
    {
        problem = null;
        var loops = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is >= 1 and <= MostLoops)
                loops.Add(number);
            else
                problem ??= $"--loops has '{part}', but each must be a whole number from 1 to {MostLoops}.";
        }
        return [.. loops];
    }

    private static string[] Engines(string? text, out Dictionary<string, int> most, out string? problem)
    {
        problem = null;
        most = [];
        var known = EngineCatalog.All.Select(engine => engine.Id).ToArray();
        if (text is null)
            return known;

        var parts = text.Split(',').Select(part => part.Split(':', 2)).ToArray();
        foreach (var limited in parts.Where(part => part.Length > 1))
        {
            most[limited[0]] = Loops(limited[1], out var wrong).LastOrDefault();
            problem ??= wrong;
        }

        var chosen = parts.Select(part => part[0]).ToArray();
        if (chosen.FirstOrDefault(id => !known.Contains(id)) is { } unknown)
            problem ??= $"--engines has '{unknown}', which is none of {string.Join(", ", known)}.";
        return [.. known.Intersect(chosen)];
    }

    private static string? ProblemWith(string docs) => Directory.Exists(docs)
        ? null
        : $"--docs is '{docs}', but there is no such directory. Run from the root of the repository, or create it first.";
}
