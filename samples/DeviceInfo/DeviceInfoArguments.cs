using Samples;

namespace DeviceInfo;

/// <summary>The command line of the sample.</summary>
internal static class DeviceInfoArguments
{
    /// <summary>A day; without <c>--seconds</c> it runs until it is stopped.</summary>
    public const int MaxSeconds = 86_400;

    public const string Usage = """
        Usage: DeviceInfo [--seconds N] [--database PATH]

          --seconds N       end after N seconds, 1 to 86400 (default: run until Ctrl+C or SIGTERM)
          --database PATH   the SQLite file for the readings (default device-info.db)
          --help            this text
        """;

    /// <returns>
    /// The options; null when the user asked for help or made a mistake, which <paramref name="problem"/> then names.
    /// </returns>
    public static DeviceInfoOptions? Parse(IReadOnlyList<string> args, out string? problem)
    {
        var line = CommandLine.Parse(args, "--seconds", "--database");
        var seconds = line.Number("--seconds", MaxSeconds);
        var database = line.Text("--database") ?? "device-info.db";

        problem = line.Problem ?? (string.IsNullOrWhiteSpace(database) ? "--database is empty. Give the name of a file." : null);
        if (problem is not null || line.WantsHelp)
            return null;

        return new DeviceInfoOptions(seconds is { } number ? TimeSpan.FromSeconds(number) : null, database);
    }
}
