using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines;

/// <summary>An engine of the comparison.</summary>
/// <param name="Id">What the command line calls it.</param>
/// <param name="Name">What the report calls it.</param>
/// <param name="Create">Makes it for one process.</param>
/// <param name="IsPeer">A scheduler of others: it is not asked for idleness at sizes it cannot be expected to carry.</param>
/// <param name="Note">What a reader must know of how it was set up; null: nothing.</param>
internal sealed record EngineKind(string Id, string Name, Func<Load, IEngine> Create, bool IsPeer = false, string? Note = null);
