namespace SafeLoop;

/// <summary>The part of a sentence that says how daylight saving affected a slot.</summary>
internal static class DaylightText
{
    public static string Describe(DaylightReason reason) => reason switch
    {
        DaylightReason.ShiftedToGapEnd => "; its local time was skipped when the clock was set forward, so it is at the end of "
            + "the gap",
        DaylightReason.Shifted => "; its local time was skipped when the clock was set forward, so it is later by as much",
        DaylightReason.FirstPass => "; its local time occurs twice that day, and this is the first time",
        DaylightReason.SecondPass => "; its local time occurs twice that day, and this is the second time",
        _ => "",
    };
}
