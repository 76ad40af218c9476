namespace SafeLoop.Tool.Tests.Support;

/// <summary>Where things stand in the repository.</summary>
internal static class Repository
{
    public static readonly string Root = Find();

    public static string Target(string build) =>
        Path.Combine(Root, "tests", "SafeLoop.Tool.Targets", "bin", build, "net10.0", "Targets.dll");

    /// <summary>A program with its own runtime, of an older version of .NET.</summary>
    public static string OlderTarget(string framework)
    {
        var folder = Path.Combine(Root, "tests", "SafeLoop.Tool.Targets.Older", "bin");
        return Directory.EnumerateFiles(folder, "Targets.Older.dll", SearchOption.AllDirectories)
            .Single(path => path.Contains($"/{Build}/{framework}/", StringComparison.Ordinal))[..^".dll".Length];
    }

    /// <summary>Debug or Release, as these tests.</summary>
    private static string Build => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The source of one of the programs, and the lines in it that carry a mark.</summary>
    public static (string File, int[] Lines) Marked(string program, string mark)
    {
        var folder = Path.Combine(Root, "tests", "SafeLoop.Tool.Targets");
        var file = Directory.EnumerateFiles(folder, program + ".cs", SearchOption.AllDirectories)
            .Single(path => !path.Contains("/obj/", StringComparison.Ordinal));
        var lines = File.ReadAllLines(file).Index().Where(line => line.Item.Contains(mark, StringComparison.Ordinal))
            .Select(line => line.Index + 1);
        return (file, [.. lines]);
    }

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SafeLoop.sln")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("SafeLoop.sln was not found above the tests.");
        return folder;
    }
}
