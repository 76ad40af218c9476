using System.Text.Json;

namespace SafeLoop.Cluster.Nodes;

/// <summary>What a process is started with.</summary>
/// <param name="Kind">What it runs.</param>
/// <param name="Name">Its name.</param>
/// <param name="Port">The port other silos connect to.</param>
/// <param name="Redis">The port of Redis, which has the members and the shards.</param>
/// <param name="Keys">The number of keys of all processes together.</param>
/// <param name="Shards">The number of shards.</param>
/// <param name="Runs">The file in which it notes its runs.</param>
/// <param name="Start">When the first slot of the notes begins.</param>
internal sealed record NodeSettings(
    NodeKind Kind, string Name, int Port, int Redis, int Keys, int Shards, string Runs, DateTimeOffset Start)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static NodeSettings FromJson(string json) => JsonSerializer.Deserialize<NodeSettings>(json)!;
}
