namespace SafeLoop.Dashboard;

/// <summary>An option in force, and what set it.</summary>
/// <param name="Name">Its name, as in configuration.</param>
/// <param name="Value">Its value.</param>
/// <param name="Steps">What set it, the highest first. Empty: it has its default.</param>
internal sealed record OptionRow(string Name, string Value, IReadOnlyList<OptionRowStep> Steps);
