namespace SafeLoop;

/// <summary>Explains why a run by hand of a loop that has ended is skipped.</summary>
internal static class RefusedRun
{
    /// <summary>Explains it by the request that ended the loop; null when there is none.</summary>
    public static string Explain(StopRequest? stop, bool isKey) =>
        stop is null ? "The loop is not running." : Explain(stop.End, stop.Reason, isKey);

    public static string Explain(LoopEnd end, string? reason, bool isKey) => end switch
    {
        LoopEnd.Removed => $"The {(isKey ? "key" : "task")} was removed. Add it again to run it.",
        LoopEnd.HostStopped => "The host is stopping or has stopped.",
        LoopEnd.Moved => "Another host of the cluster runs the loop.",
        _ => $"The loop has ended ({end}{(reason is null ? "" : $": {reason.TrimEnd('.')}")}). "
            + "Call Start on the handle to run it again.",
    };
}
