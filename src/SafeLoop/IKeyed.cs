namespace SafeLoop;

/// <summary>One of the many loops of a keyed task.</summary>
internal interface IKeyed
{
    /// <summary>The name of the task.</summary>
    string TaskName { get; }

    /// <summary>The key, boxed where it is a value: for those who look, never for the loop itself.</summary>
    object Key { get; }

    /// <summary>Where it lies in the period, with <c>Spread</c>: 0 to 1, and always the same.</summary>
    double Phase { get; }
}
