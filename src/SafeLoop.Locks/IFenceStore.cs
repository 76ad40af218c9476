namespace SafeLoop;

/// <summary>
/// Numbers the holders of a lock, and remembers which slots have run under it. Belongs in the same back-end as the lock.
/// </summary>
/// <remarks>
/// <see cref="PostgresFenceStore"/> and <see cref="RedisFenceStore"/> are two; any store with an atomic increment can be another.
/// Called from many threads at once. An exception means that the store is unavailable: the iteration is
/// <see cref="IterationOutcome.Failed"/>, the loop goes on.
/// </remarks>
public interface IFenceStore
{
    /// <summary>Issues the next number of a lock to its new holder, and returns the slot that ran last.</summary>
    /// <param name="name">The lock's name.</param>
    /// <param name="task">The task whose last slot is asked for; null: none is.</param>
    /// <param name="cancellationToken">Gives up the attempt; a number that was issued all the same is never used.</param>
    /// <returns>A number greater than every earlier one of this lock, and the slot.</returns>
    ValueTask<Fence> NextAsync(string name, string? task, CancellationToken cancellationToken);

    /// <summary>Whether no later number of the lock was issued.</summary>
    /// <param name="name">The lock's name.</param>
    /// <param name="token">The number of the holder that asks.</param>
    /// <param name="cancellationToken">Gives up the attempt.</param>
    /// <returns>False when the lock is lost for certain.</returns>
    ValueTask<bool> IsLastAsync(string name, long token, CancellationToken cancellationToken);

    /// <summary>The last number of a lock that was issued, which is that of its holder.</summary>
    /// <param name="name">The lock's name.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>
    /// The number; 0 when none was issued, or the store does not say. The default checks that the store answers, and returns 0.
    /// </returns>
    async ValueTask<long> LastAsync(string name, CancellationToken cancellationToken)
    {
        await IsLastAsync(name, 0, cancellationToken).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Records that a slot of a task has run, unless a later number of the lock was issued.</summary>
    /// <param name="name">The lock's name.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="token">The number of the holder that ran it.</param>
    /// <param name="slot">The slot, in UTC.</param>
    /// <param name="cancellationToken">Gives up the attempt.</param>
    /// <returns>False when it was refused.</returns>
    ValueTask<bool> RecordAsync(string name, string task, long token, DateTimeOffset slot, CancellationToken cancellationToken);
}
