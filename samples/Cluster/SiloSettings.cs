using System.Globalization;

namespace ClusterSample;

/// <summary>What a silo is started with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Port">The port other silos connect to.</param>
/// <param name="Redis">The port of Redis, which has the members and the shards.</param>
/// <param name="Keys">The number of devices.</param>
/// <param name="Period">The seconds between two runs of a device.</param>
/// <param name="Runs">The file in which it notes its runs.</param>
/// <param name="Start">When the first slot of the notes begins.</param>
internal sealed record SiloSettings(string Name, int Port, int Redis, int Keys, int Period, string Runs, DateTimeOffset Start)
{
    public static SiloSettings Parse(string[] args) => new(
        args[0],
        int.Parse(args[1], CultureInfo.InvariantCulture),
        int.Parse(args[2], CultureInfo.InvariantCulture),
        int.Parse(args[3], CultureInfo.InvariantCulture),
        int.Parse(args[4], CultureInfo.InvariantCulture),
        args[5],
        new(long.Parse(args[6], CultureInfo.InvariantCulture), TimeSpan.Zero));

    public string[] ToArguments() =>
    [
        Name,
        Port.ToString(CultureInfo.InvariantCulture),
        Redis.ToString(CultureInfo.InvariantCulture),
        Keys.ToString(CultureInfo.InvariantCulture),
        Period.ToString(CultureInfo.InvariantCulture),
        Runs,
        Start.UtcTicks.ToString(CultureInfo.InvariantCulture),
    ];
}
