namespace SafeLoop.Tool;

/// <summary>From what was found to how the command ends.</summary>
internal static class ExitCodes
{
    public static int Of(LeakReport report) => report.Verdict switch
    {
        Verdict.Leak => ExitCode.Leak,
        Verdict.Suspicious => ExitCode.Suspicious,
        _ => report.Origin.IsComplete ? ExitCode.NothingFound : ExitCode.Incomplete,
    };
}
