namespace SafeLoop.Tests.Silos;

/// <summary>The name of a silo, for its tasks.</summary>
internal sealed record SiloName(string Text);
