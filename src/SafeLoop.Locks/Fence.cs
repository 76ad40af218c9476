namespace SafeLoop;

/// <summary>What an <see cref="IFenceStore"/> issues to the new holder of a lock.</summary>
/// <param name="Token">A number greater than every earlier one of the same lock.</param>
/// <param name="LastSlot">The last slot of the task that ran under the lock; null when none did.</param>
public readonly record struct Fence(long Token, DateTimeOffset? LastSlot);
