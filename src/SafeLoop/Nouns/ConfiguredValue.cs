namespace SafeLoop;

/// <summary>A setting of a task in one layer of the configuration.</summary>
/// <param name="Name">The name of the setting, such as <c>Lock:Name</c>, as the table of settings writes it.</param>
/// <param name="Layer">The name of the layer, such as the file.</param>
/// <param name="Text">The text; null: it sets the default.</param>
/// <param name="Fate">What became of it.</param>
internal sealed record ConfiguredValue(string Name, string Layer, string? Text, OptionFate Fate);
