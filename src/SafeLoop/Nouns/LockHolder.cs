namespace SafeLoop;

/// <summary>Who held a lock when it was refused, as far as it is known.</summary>
/// <param name="Text">Who, as a sentence for the record of the slot; null: unknown.</param>
/// <param name="FencingToken">The fencing token; 0: unknown.</param>
internal readonly record struct LockHolder(string? Text, long FencingToken)
{
    /// <summary>A task of this host.</summary>
    public static LockHolder Of(string task, long fencingToken, bool isForMinimumTime) => new(
        $"Held by task '{Printable.Escape(task)}' of this host{(isForMinimumTime ? " for its minimum time (atLeastFor)" : "")}.",
        fencingToken);
}
