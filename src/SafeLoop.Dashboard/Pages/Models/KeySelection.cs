namespace SafeLoop.Dashboard;

/// <summary>Which keys a page shows, and in which order.</summary>
internal enum KeySelection
{
    All,

    /// <summary>Those with the most failures in a row first.</summary>
    Failing,

    /// <summary>Those with the longest iterations first.</summary>
    Slowest,
    Paused,
    Ended,
}
