using System.Text.Json;

namespace SafeLoop;

/// <summary>What a host publishes about itself when it joins.</summary>
/// <param name="Address">Its address in the cluster.</param>
/// <param name="Tasks">Its tasks that are in the cluster. It never owns keys of others.</param>
internal sealed record MemberDetails(string Address, IReadOnlyList<ClusterTask> Tasks)
{
    private const int CurrentVersion = 1;

    /// <summary>A host of which nothing is known. It owns nothing.</summary>
    public static MemberDetails Unknown { get; } = new("", []);

    public string Write() =>
        JsonSerializer.Serialize(new Text { Version = CurrentVersion, Address = Address, Tasks = [.. Tasks] });

    /// <summary>
    /// Reads what a host has written. A newer version may add fields, which are ignored. A text that cannot be read is that of an
    /// unknown host, because one host must not end another.
    /// </summary>
    public static MemberDetails Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Text>(text) is { Version: >= 1, Address: { } address } read
                ? new(address, [.. (read.Tasks ?? []).Where(static task => task?.Name is not null)])
                : Unknown;
        }
        catch (JsonException)
        {
            return Unknown;
        }
    }

    private sealed record Text
    {
        public int Version { get; init; }

        public string? Address { get; init; }

        public ClusterTask[]? Tasks { get; init; }
    }
}
