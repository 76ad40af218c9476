namespace SafeLoop.Tool;

/// <summary>For how long a process will stand still, in words, before it does.</summary>
internal static class Standstill
{
    /// <summary>Milliseconds for a MiB of heap: large objects, and small ones with many references.</summary>
    private const double Least = 0.3, Most = 2;
    private const long MiB = 1024 * 1024;

    public static string Of(CaptureMeans means, long resident) => means switch
    {
        CaptureMeans.Dump => "as long as it takes to write its dump",
        CaptureMeans.Attach => "as long as it takes to read its memory",
        _ => "one full garbage collection and a walk over its heap" + Expected(resident),
    };

    /// <returns>Null when it was as long as expected; else a sentence.</returns>
    public static string? ErrorOf(TimeSpan pause, long resident)
    {
        var (least, most) = Range(resident);
        return pause > most && resident >= MiB
            ? $"It stood still for {Text.Duration(pause)}; {Text.Duration(least)} to {Text.Duration(most)} were expected: "
                + "its processors were busy, or its memory was not at hand."
            : null;
    }

    private static (TimeSpan Least, TimeSpan Most) Range(long resident) =>
        (TimeSpan.FromMilliseconds((double)resident / MiB * Least), TimeSpan.FromMilliseconds((double)resident / MiB * Most));

    /// <summary>The middle of the range, by factors, and what it may be wrong by.</summary>
    private static string Expected(long resident)
    {
        if (resident < MiB)
            return "";
        var (least, most) = Range(resident);
        var middle = TimeSpan.FromMilliseconds(Math.Sqrt(least.TotalMilliseconds * most.TotalMilliseconds));
        var factor = Math.Sqrt(Most / Least).ToString("0.0", Text.Culture);
        return $": some {Text.Duration(middle)} by its size, give or take a factor of {factor} "
            + $"({Text.Duration(least)} to {Text.Duration(most)}), where a processor is free";
    }
}
