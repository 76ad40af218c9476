namespace SafeLoop;

/// <summary>
/// Outcomes as attributes of metrics and spans: constant strings in snake case, so that recording allocates nothing.
/// </summary>
internal static class OutcomeTags
{
    private static readonly string[] All = ["none", "succeeded", "failed", "timed_out", "interrupted", "skipped"];

    public static string Get(IterationOutcome outcome) => All[(int)outcome];
}
