namespace SafeLoop.Tool;

/// <summary>The options of <c>safeloop watch</c>.</summary>
/// <param name="Rule">When to capture.</param>
/// <param name="Folder">Where reports are kept.</param>
/// <param name="Alerts">How often to capture before it ends.</param>
/// <param name="Exec">A command to run for each report; null for none.</param>
/// <param name="MinFrames">Of a diagnosis.</param>
/// <param name="Limit">How long the process may take to answer.</param>
internal sealed record WatchOptions(Rule Rule, string Folder, int Alerts, string? Exec, int MinFrames, TimeSpan Limit)
{
    /// <summary>
    /// While the rule goes on holding, how long to wait before the next capture; null: until it begins to hold again.
    /// </summary>
    public TimeSpan? Every { get; init; }

    /// <summary>How long the command may run.</summary>
    public TimeSpan ExecLimit { get; init; } = TimeSpan.FromMinutes(10);
}
