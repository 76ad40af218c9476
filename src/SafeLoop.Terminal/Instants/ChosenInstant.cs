namespace SafeLoop.Terminal;

/// <summary>An instant that the user meant.</summary>
/// <param name="Instant">The instant, with the offset of the zone.</param>
/// <param name="Zone">The id of the zone in which it was read.</param>
/// <param name="Reading">How it was read, as a sentence; null: it was written as an instant.</param>
internal sealed record ChosenInstant(DateTimeOffset Instant, string Zone, string? Reading);
