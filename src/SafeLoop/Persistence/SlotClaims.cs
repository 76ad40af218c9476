namespace SafeLoop;

/// <summary>Reserves and claims the slots of iterations.</summary>
/// <param name="loops">The slots of all loops.</param>
/// <param name="keysOf">Finds what is stored of the keys of a task.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class SlotClaims(RememberedLoops loops, Func<string, StoredKeys> keysOf)
{
    private const int MostKeyClaims = 16;

    // A million keys that are due at once must not need a million connections.
    private readonly SemaphoreSlim _keyClaims = new(MostKeyClaims, MostKeyClaims);

    public void Reserve(RecurringTask task, IKeyed? key, Instant slot)
    {
        if (!TryIdentify(key, out var text))
            return; // its claim fails
        var slots = loops.Rent(task.Name, text);
        slots.Reserve(slot);
        loops.Return(slots);
    }

    /// <exception cref="InvalidOperationException">The text of the key does not identify it in the store.</exception>
    public async ValueTask<bool> TryClaimAsync(
        RecurringTask task, IKeyed? key, Instant slot, CancellationToken cancellationToken)
    {
        if (!TryIdentify(key, out var text))
        {
            throw new InvalidOperationException("The slot cannot be claimed, because the text of the key does not identify it in "
                + $"the store. Let ToString of the keys of task '{task.Name}' return different texts that stay the same.");
        }
        var slots = loops.Rent(task.Name, text);
        try
        {
            return text is null
                ? await slots.TryClaimAsync(slot, cancellationToken).ConfigureAwait(false)
                : await TryClaimKeyAsync(slots, slot, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            loops.Return(slots);
        }
    }

    private async ValueTask<bool> TryClaimKeyAsync(RememberedSlots slots, Instant slot, CancellationToken cancellationToken)
    {
        await _keyClaims.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await slots.TryClaimAsync(slot, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _keyClaims.Release();
        }
    }

    private bool TryIdentify(IKeyed? key, out string? text)
    {
        text = key is null ? null : keysOf(key.TaskName).Identify(key);
        return key is null || text is not null;
    }
}
