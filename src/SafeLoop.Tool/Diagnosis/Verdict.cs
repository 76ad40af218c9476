namespace SafeLoop.Tool;

/// <summary>What a report says.</summary>
internal enum Verdict
{
    /// <summary>No chain worth a word.</summary>
    Nothing,

    /// <summary>A long chain, but neither proof nor weight enough to accuse anybody.</summary>
    Suspicious,

    /// <summary>A method that is chained to itself and holds much of the heap, or grows.</summary>
    Leak,
}
