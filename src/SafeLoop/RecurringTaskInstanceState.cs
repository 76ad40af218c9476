using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>Whether a host of the application runs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecurringTaskInstanceState>))]
public enum RecurringTaskInstanceState
{
    /// <summary>It sends heartbeats, or has sent the last one not long ago.</summary>
    Running,

    /// <summary>It has stopped.</summary>
    Stopped,

    /// <summary>It sent no heartbeat for too long, and was marked as lost.</summary>
    Lost,
}
