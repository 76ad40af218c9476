namespace SafeLoop.Tool;

/// <summary>A path of types from a root, as a step from a shorter path.</summary>
/// <param name="Parent">The shorter path; -1 for none.</param>
/// <param name="Type">The type it adds. Of a root, <c>~index</c> of its label.</param>
/// <param name="IsHeld">The objects at its end live only as long as those at the end of the shorter path; else others hold
/// them, too.</param>
/// <param name="Depth">How many steps it has.</param>
internal readonly record struct TypePath(int Parent, int Type, bool IsHeld, int Depth);
