namespace SafeLoop;

/// <summary>One value that was set for an option.</summary>
/// <param name="Source">What set it.</param>
/// <param name="Layer">The name of the layer of the configuration; null: another source.</param>
/// <param name="Value">The value; null: none, or the default of an option that has none.</param>
/// <param name="Fate">What became of it.</param>
internal sealed record OptionStep(OptionSource Source, string? Layer, object? Value, OptionFate Fate);
