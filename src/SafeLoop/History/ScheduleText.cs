namespace SafeLoop;

/// <summary>Says why the slots of a schedule cannot be computed.</summary>
internal static class ScheduleText
{
    public static string Describe(ISchedule schedule) => schedule switch
    {
        FixedDelay => "its slots depend on the end of the iteration before (WithDelay)",
        Continuous => "its slots depend on the end of the iteration before (Continuously)",
        UserPolicy => "its delay policy selects each slot when the one before has ended (DelayBy)",
        _ => "its slots are not known",
    };
}
