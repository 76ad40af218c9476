namespace DeviceInfo.View;

/// <summary>One recurring task as the view shows it.</summary>
/// <param name="Name">The task's name.</param>
/// <param name="State">What it is doing now.</param>
/// <param name="LastOutcome">How its last iteration ended; null before the first.</param>
/// <param name="LastError">Why, when it failed.</param>
/// <param name="NextSlot">When it is due again; null when it is not.</param>
/// <param name="Iterations">Iterations that have ended.</param>
/// <param name="Outcomes">How often each outcome occurred.</param>
internal sealed record TaskRow(
    string Name,
    string State,
    string? LastOutcome,
    string? LastError,
    DateTimeOffset? NextSlot,
    long Iterations,
    IReadOnlyDictionary<string, long> Outcomes);
