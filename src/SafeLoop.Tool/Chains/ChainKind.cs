namespace SafeLoop.Tool;

/// <summary>What is chained.</summary>
internal enum ChainKind
{
    /// <summary>Async methods, each waiting for the next; iterators, each yielding the next.</summary>
    Methods,

    /// <summary>Lambdas, each waiting for a promise the next will keep.</summary>
    Closures,

    /// <summary>Tasks, each completed by the next, with no code of the user left between them.</summary>
    Promises,

    /// <summary>Tasks, each the attached child of the one before.</summary>
    AttachedTasks,

    /// <summary>Values of an async local, each holding the one before: activities, scopes.</summary>
    AmbientValues,
}
