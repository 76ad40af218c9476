namespace SafeLoop.Dashboard;

/// <summary>What set an option.</summary>
/// <param name="Origin">Code, a layer of the configuration, or a change, in words.</param>
/// <param name="Fate">The value and what became of it; null: it is in force.</param>
internal sealed record OptionRowStep(string Origin, string? Fate);
