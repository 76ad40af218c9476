namespace SafeLoop.Tool;

/// <summary>Something that holds at a moment or does not; it may remember since when.</summary>
/// <param name="measures">What is.</param>
/// <param name="at">The moment. Moments never go back.</param>
internal delegate bool Condition(Measures measures, TimeSpan at);
