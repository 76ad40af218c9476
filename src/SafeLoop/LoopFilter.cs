using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>Selects loops by their condition.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LoopFilter>))]
public enum LoopFilter
{
    /// <summary>All.</summary>
    All,

    /// <summary>Loops whose last iteration failed or timed out.</summary>
    Failing,

    /// <summary>Loops that are paused individually.</summary>
    Paused,

    /// <summary>Loops that have ended.</summary>
    Ended,

    /// <summary>Loops that are running an iteration on this host. A query of stored loops refuses it.</summary>
    Running,
}
