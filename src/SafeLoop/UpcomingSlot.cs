namespace SafeLoop;

/// <summary>A future slot.</summary>
public readonly record struct UpcomingSlot
{
    /// <summary>The nominal time in UTC, before jitter.</summary>
    public DateTimeOffset Slot { get; init; }

    /// <summary>How daylight saving affected the slot.</summary>
    /// <value>The default is <see cref="DaylightReason.None"/>, as for most slots.</value>
    public DaylightReason Daylight { get; init; }

    /// <summary>
    /// The id of the time zone of the schedule; for <c>Local</c> the id of the machine's zone. Null for a schedule without a
    /// zone.
    /// </summary>
    public string? Zone { get; init; }
}
