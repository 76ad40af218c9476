using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>How a change of the clock affected an occurrence.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DaylightReason>))]
public enum DaylightReason
{
    /// <summary>The local time occurs once; the occurrence is due as written.</summary>
    None,

    /// <summary>The local time was skipped; the occurrence is due when the gap ends.</summary>
    ShiftedToGapEnd,

    /// <summary>The local time was skipped; the occurrence is due after the gap, shifted by its length.</summary>
    Shifted,

    /// <summary>The local time occurs twice; this is the first occurrence.</summary>
    FirstPass,

    /// <summary>The local time occurs twice; this is the second occurrence.</summary>
    SecondPass,
}
