using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>What a recurring task is doing now.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecurringTaskState>))]
public enum RecurringTaskState
{
    /// <summary>
    /// Its schedule has not begun, because the host or the application has not started. It can be run by hand as soon as the
    /// host is starting.
    /// </summary>
    NotStarted,

    /// <summary>Waiting for its next slot.</summary>
    Waiting,

    /// <summary>An iteration is running.</summary>
    Running,

    /// <summary>A cancelled iteration has not ended within its grace period.</summary>
    Stuck,

    /// <summary>Paused: slots are recorded as skipped until it is resumed.</summary>
    Paused,

    /// <summary>Disabled by its options: slots are recorded as skipped until it is enabled.</summary>
    Disabled,

    /// <summary>The loop has ended. The snapshot gives the reason.</summary>
    Ended,
}
