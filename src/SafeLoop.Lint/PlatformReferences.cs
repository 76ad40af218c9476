using Microsoft.CodeAnalysis;

namespace SafeLoop.Lint;

/// <summary>The platform that code without a build is compiled against: the one this runs on, with ASP.NET Core where
/// it is installed.</summary>
internal static class PlatformReferences
{
    public static IReadOnlyList<MetadataReference> All { get; } =
        [.. Files().Select(file => MetadataReference.CreateFromFile(file))];

    public static IReadOnlyList<string> Symbols { get; } =
        ["TRACE", "NET", "NETCOREAPP", .. Enumerable.Range(5, Environment.Version.Major - 4)
            .SelectMany(version => new[] { $"NET{version}_0_OR_GREATER", $"NET{version}_0" })
            .Where(symbol => symbol.EndsWith("GREATER", StringComparison.Ordinal)
            || symbol == $"NET{Environment.Version.Major}_0"),
            .. new[] { "1_0", "1_1", "2_0", "2_1", "2_2", "3_0", "3_1" }.Select(version => $"NETCOREAPP{version}_OR_GREATER")];

    private static IEnumerable<string> Files()
    {
        var platform = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var web = Path.Combine(platform, "..", "..", "Microsoft.AspNetCore.App");
        var folders = Directory.Exists(web) ? Directory.GetDirectories(web).OrderByDescending(Version).Take(1).Prepend(platform)
            : [platform];
        return folders.SelectMany(folder => Directory.GetFiles(folder, "*.dll")).Where(IsManaged).DistinctBy(Path.GetFileName);
    }

    private static Version Version(string folder) => System.Version.TryParse(Path.GetFileName(folder).Split('-')[0],
        out var version) ? version : new();

    private static bool IsManaged(string file) => Path.GetFileName(file) is var name
        && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal)
            || name is "netstandard.dll" or "mscorlib.dll")
        && !name.StartsWith("Microsoft.DiaSymReader.Native", StringComparison.Ordinal)
            && !name.Contains(".Native", StringComparison.Ordinal);
}
