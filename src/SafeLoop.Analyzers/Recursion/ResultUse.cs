namespace SafeLoop.Analyzers.Recursion;

/// <summary>What a function does with the task, or sequence, that calling itself gave it.</summary>
internal enum ResultUse
{
    /// <summary>Something else: passed on, compared, blocked on, given to code that is not known to schedule.</summary>
    Other,

    /// <summary>Waited for: the caller lives until the callee has ended.</summary>
    Awaited,

    /// <summary>Handed to the own caller, who waits for it.</summary>
    Returned,

    /// <summary>Yielded, itself or item by item.</summary>
    Yielded,

    /// <summary>Discarded, or stored in a field, and not awaited.</summary>
    Dropped,
}
