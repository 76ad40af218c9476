namespace SafeLoop;

/// <summary>What an <see cref="IFenceStore"/> issues to the new holder of a lock.</summary>
public readonly record struct Fence
{
    /// <summary>A number greater than every earlier one of the same lock.</summary>
    /// <value>At least 1 from a store. The default is 0: nothing was issued.</value>
    public long Token { get; init; }

    /// <summary>The last slot of the task that ran under the lock; null when none did.</summary>
    public DateTimeOffset? LastSlot { get; init; }
}
