namespace SafeLoop.Tool;

/// <summary>A method whose frames are chained, and where it says so.</summary>
internal sealed record ChainedMethod
{
    /// <summary>With its type and namespace.</summary>
    public required string Name { get; init; }

    /// <summary>File name of the assembly; empty when it is not known.</summary>
    public required string Module { get; init; }

    /// <summary>Where it begins; null without symbols.</summary>
    public SourceLine? Declared { get; init; }

    /// <summary>Its IL leads back to itself, directly or through others.</summary>
    public bool CallsItself { get; init; }

    /// <summary>The line in it from which it comes back to itself; null without symbols or when it does not.</summary>
    public SourceLine? Recursion { get; init; }

    /// <summary>Found by elimination, not by what is on the heap: the only method of the program that fits.</summary>
    public bool IsByElimination { get; init; }

    /// <summary>An iterator: it yields itself rather than awaiting itself.</summary>
    public bool IsIterator { get; init; }
}
