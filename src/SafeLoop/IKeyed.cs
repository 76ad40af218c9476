namespace SafeLoop;

/// <summary>One of the many loops of a keyed task.</summary>
internal interface IKeyed
{
    /// <summary>The loop.</summary>
    LoopId Id { get; }

    /// <summary>The name of the task.</summary>
    string TaskName { get; }

    /// <summary>The key; a value type is boxed. For reports only; the loop itself uses the unboxed key.</summary>
    object Key { get; }

    /// <summary>A copy that stays as it is when the runner turns to another loop.</summary>
    IKeyed Copy();

    /// <summary>The phase of the loop within its period, with <c>Spread</c>: 0 to 1, constant.</summary>
    double Phase { get; }
}
