using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>The order in which keys are read.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyOrder>))]
public enum KeyOrder
{
    /// <summary>In no particular order, which costs least.</summary>
    None,

    /// <summary>Those with the most failures in a row first.</summary>
    Failures,

    /// <summary>Those with the longest running or last iteration first.</summary>
    Duration,
}
