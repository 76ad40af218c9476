namespace SafeLoop.Dashboard;

/// <summary>What the page of a slot shows.</summary>
/// <param name="Explanation">What the task did at the instant, and why it did not run.</param>
/// <param name="Zone">The zone of the task; null: it has none.</param>
internal sealed record SlotModel(SlotExplanation Explanation, string? Zone);
