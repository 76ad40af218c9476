namespace SafeLoop.Dashboard;

/// <summary>An option in force, and where it comes from.</summary>
/// <param name="Name">Its name, as in configuration.</param>
/// <param name="Value">Its value.</param>
/// <param name="Origin">Where it comes from, in words.</param>
internal sealed record OptionRow(string Name, string Value, string Origin);
