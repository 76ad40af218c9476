namespace Samples.Tests.Support;

/// <summary>Tests that measure the heap of the process: nothing else may allocate beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
