namespace SafeLoop.Analyzers;

/// <summary>Which circles of methods SLP002 looks for.</summary>
internal enum MutualRecursion
{
    Off,
    Pairs,
    Cycles,
}
