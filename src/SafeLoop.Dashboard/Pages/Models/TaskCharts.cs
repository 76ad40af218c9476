namespace SafeLoop.Dashboard;

/// <summary>How long a task took, and how late it was.</summary>
/// <param name="Unit">What a bar is, such as "each slot".</param>
/// <param name="Durations">How long, oldest first.</param>
/// <param name="Latenesses">How late, oldest first.</param>
internal sealed record TaskCharts(string Unit, IReadOnlyList<ChartBar> Durations, IReadOnlyList<ChartBar> Latenesses);
