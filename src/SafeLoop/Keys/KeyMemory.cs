namespace SafeLoop;

/// <summary>Reads and adapts what the loop of a key takes along to another host.</summary>
internal static class KeyMemory
{
    /// <summary>Reads the loop of a key. Reads the text of the key, which is user code.</summary>
    /// <returns>Null when it was removed, or its text does not identify it: it then begins as a new one.</returns>
    public static LoopMemory? Create(KeyGroup group, LoopId loop)
    {
        if (group.Owner.KeyOf(loop) is not { } key || !group.Rows.TryRead(loop, out var row, out _, out var rented)
            || row.End is LoopEnd.Removed || ReadText(group, key) is not { } text)
            return null;
        var state = row.Saved;
        var pause = state.IsPaused ? group.Restored.PauseOf(loop) ?? RentedRunner.PauseAfterFailures : null;
        if (rented is not null && rented.Runner.Log.TryGetState(loop, ref state)) // pinned, or its iteration still runs
        {
            pause = rented.Runner.Control.Pause;
            state.IsPaused = pause is not null;
        }
        return new(text, state)
        {
            End = row.End is LoopEnd.Moved ? null : row.End,
            IsAddedByHand = !row.IsFromSource,
            Pause = pause,
        };
    }

    /// <summary>Adapts a loop to a schedule by which it was not planned: it begins as after a restart.</summary>
    public static LoopMemory WithoutPlan(LoopMemory loop) => loop with { State = Begin(loop.State, Instant.None) };

    /// <summary>Adapts a loop whose last state is unknown: the slots since the watermark are due.</summary>
    public static LoopMemory From(LoopMemory loop, Instant watermark) => loop with { State = Begin(loop.State, watermark) };

    private static LoopState Begin(in LoopState state, Instant last) => new()
    {
        Slot = last,
        Ended = state.Ended,
        Outcome = state.Outcome,
        Elapsed = state.Elapsed,
        Iterations = state.Iterations,
        ConsecutiveFailures = state.ConsecutiveFailures,
        IsPaused = state.IsPaused,
    };

    private static string? ReadText(KeyGroup group, IKeyed key)
    {
        using var call = group.Environment.Observers.Calls.Enter("the text of its key", key);
        return KeyText.TryRead(key.Key, out var text, out _) && KeyText.RoundTrips(text) ? text : null;
    }
}
