using Samples;

namespace RecursiveLeak;

/// <summary>The command line of the sample.</summary>
internal static class RecursiveLeakArguments
{
    /// <summary>How often the function of the story had called itself when the heap was full.</summary>
    public const int DefaultIterations = 390_285;

    /// <summary>The recursive forms need about 100 B of heap for each: 5,000,000 is half a gigabyte.</summary>
    public const int MaxIterations = 5_000_000;

    public const string Usage = """
        Usage: RecursiveLeak [--iterations N] [--output FILE.png] [--hold]

          --iterations N      iterations of each form, 1 to 5000000 (default 390285)
          --output FILE.png   where to draw the curves (default recursive-leak.png)
          --hold              stop at the last iteration of each form, for `safeloop diagnose` to look at, until Enter is pressed
          --help              this text
        """;

    /// <returns>
    /// The options; null when the user asked for help or made a mistake, which <paramref name="problem"/> then names.
    /// </returns>
    public static RecursiveLeakOptions? Parse(IReadOnlyList<string> args, out string? problem)
    {
        var line = CommandLine.Parse(args, flags: ["--hold"], names: ["--iterations", "--output"]);
        var iterations = line.Number("--iterations", MaxIterations) ?? DefaultIterations;
        var output = line.Text("--output") ?? "recursive-leak.png";

        problem = line.Problem ?? ProblemWith(output);
        return problem is null && !line.WantsHelp ? new RecursiveLeakOptions(iterations, output, line.Has("--hold")) : null;
    }

    private static string? ProblemWith(string output)
    {
        if (!output.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            return $"--output is '{output}', but the picture is a PNG. Give a file name that ends in .png.";

        if (Directory.Exists(output))
            return $"--output is '{output}', which is a directory. Give the name of a file.";

        var directory = Path.GetDirectoryName(Path.GetFullPath(output));
        return Directory.Exists(directory)
            ? null
            : $"--output is '{output}', but the directory '{directory}' does not exist. Create it first.";
    }
}
