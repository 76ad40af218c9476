namespace SafeLoop.Tool;

/// <summary>What a report says.</summary>
internal enum Verdict
{
    /// <summary>No chain to report, and no owner to suspect.</summary>
    Nothing,

    /// <summary>A long chain without proof or weight; or one owner that holds much of the heap in a single capture.</summary>
    Suspicious,

    /// <summary>
    /// A method that is chained to itself and holds much of the heap, or grows; or an owner that grew from capture to
    /// capture.
    /// </summary>
    Leak,
}
