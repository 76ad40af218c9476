using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>The state of a command.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskCommandState>))]
public enum TaskCommandState
{
    /// <summary>No host has executed it yet.</summary>
    Waiting,

    /// <summary>A host has taken it and is executing it.</summary>
    Running,

    /// <summary>At least one host has executed it, or one has found that it does not fit its task.</summary>
    Completed,

    /// <summary>No host has executed it within <see cref="TaskCommand.ExpiresAfter"/>.</summary>
    Expired,
}
