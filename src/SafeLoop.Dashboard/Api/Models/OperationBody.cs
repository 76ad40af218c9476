using System.Text.Json;
using System.Text.Json.Serialization;

namespace SafeLoop.Dashboard;

/// <summary>What an operation is about, and why.</summary>
internal sealed record OperationBody
{
    /// <summary>The id of the command. An operation that is sent again with the same id is done once. Null: a new one.</summary>
    public Guid? Id { get; init; }

    /// <summary>The name of the task; capitals do not matter.</summary>
    public string? Task { get; init; }

    /// <summary>The text of the key of a keyed task; null: the task as a whole.</summary>
    public string? Key { get; init; }

    /// <summary>Why, for the log of commands. Required.</summary>
    public string? Reason { get; init; }

    /// <summary>The end of a pause; null: when it is resumed.</summary>
    [JsonConverter(typeof(InstantJsonConverter))]
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// The settings of a change, as in configuration: <c>{ "Every": "00:00:05" }</c>. Null or an empty object drops the change.
    /// </summary>
    public JsonElement? Options { get; init; }
}
