namespace SafeLoop.Dashboard;

/// <summary>A change of the clocks of a zone.</summary>
/// <param name="Zone">The id of the zone.</param>
/// <param name="At">When.</param>
/// <param name="Before">The offset before.</param>
/// <param name="After">The offset after.</param>
/// <param name="Affected">How many of the listed slots it affects.</param>
internal sealed record ClockChange(string Zone, DateTimeOffset At, TimeSpan Before, TimeSpan After, int Affected);
