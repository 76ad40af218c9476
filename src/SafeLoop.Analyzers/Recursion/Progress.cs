namespace SafeLoop.Analyzers.Recursion;

/// <summary>What the arguments of a call to itself say about an end.</summary>
internal enum Progress
{
    /// <summary>The same again: nothing in the arguments ever ends it.</summary>
    None,

    /// <summary>Something else each time, which no condition looks at.</summary>
    Unknown,

    /// <summary>Something a condition looks at: it goes through data, or counts, or happens once.</summary>
    Bounded,
}
