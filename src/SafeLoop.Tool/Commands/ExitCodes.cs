namespace SafeLoop.Tool;

/// <summary>From what was found to how the command ends.</summary>
internal static class ExitCodes
{
    public static int Of(LeakReport report) => Of(report.Verdict, report.Origin.IsComplete);

    public static int Of(Verdict verdict, bool isComplete) => verdict switch
    {
        Verdict.Leak => ExitCode.Leak,
        Verdict.Suspicious => ExitCode.Suspicious,
        _ => isComplete ? ExitCode.NothingFound : ExitCode.Incomplete,
    };
}
