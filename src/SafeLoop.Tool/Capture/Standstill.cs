namespace SafeLoop.Tool;

/// <summary>For how long a process will stand still, in words, before it does.</summary>
internal static class Standstill
{
    /// <summary>Milliseconds for a MiB of heap: large objects, and small ones with many references.</summary>
    private const double Least = 0.3, Most = 2;

    public static string Of(CaptureMeans means, long resident) => means switch
    {
        CaptureMeans.Dump => "as long as it takes to write its dump",
        CaptureMeans.Attach => "as long as it takes to read its memory",
        _ => "one full garbage collection and a walk over its heap" + Expected(resident / (1024.0 * 1024)),
    };

    private static string Expected(double megabytes) => megabytes < 1 ? "" : string.Create(
        Text.Culture,
        $": some {Text.Duration(TimeSpan.FromMilliseconds(megabytes * Least))} to {Text.Duration(TimeSpan.FromMilliseconds(megabytes * Most))}, by its size, where a processor is free");
}
