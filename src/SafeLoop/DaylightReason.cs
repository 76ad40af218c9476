using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>Why an occurrence is where it is, when a change of the clock had a say in it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DaylightReason>))]
public enum DaylightReason
{
    /// <summary>The local time happens once and is due as written.</summary>
    None,

    /// <summary>Its local time was jumped over; it runs when the gap ends.</summary>
    ShiftedToGapEnd,

    /// <summary>Its local time was jumped over; it runs the same elapsed time later.</summary>
    Shifted,

    /// <summary>Its local time happens twice; this is the first pass.</summary>
    FirstPass,

    /// <summary>Its local time happens twice; this is the second pass.</summary>
    SecondPass,
}
