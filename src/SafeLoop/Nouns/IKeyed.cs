namespace SafeLoop;

/// <summary>One of the many loops of a keyed task.</summary>
internal interface IKeyed
{
    /// <summary>The id of the loop.</summary>
    LoopId Id { get; }

    /// <summary>The name of the task.</summary>
    string TaskName { get; }

    /// <summary>The key; a value type is boxed. For reports only; the loop itself uses the unboxed key.</summary>
    object Key { get; }

    /// <summary>Returns a copy that keeps its values when the runner is attached to another loop.</summary>
    IKeyed Copy();

    /// <summary>The phase of the loop within its period, with <c>Spread</c>: 0 to 1, constant.</summary>
    double Phase { get; }
}
