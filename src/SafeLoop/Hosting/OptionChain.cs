namespace SafeLoop;

/// <summary>An option in force, and every value that was set for it.</summary>
/// <param name="Name">Its name, as in configuration.</param>
/// <param name="Default">Its default; null: none.</param>
/// <param name="Value">The value in force.</param>
/// <param name="Steps">What set it, lowest first. Empty: nothing did, so the default is in force.</param>
internal sealed record OptionChain(string Name, object? Default, object? Value, IReadOnlyList<OptionStep> Steps);
