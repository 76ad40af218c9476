namespace SafeLoop.Tests.Silos;

/// <summary>An iteration of a loop on a silo.</summary>
internal sealed record Visit(string Silo, string Loop, DateTimeOffset Slot, bool IsManual, long Token);
