namespace SafeLoop;

/// <summary>Reads the state of a loop, which another host continues.</summary>
internal static class KeyMemory
{
    /// <summary>Reads the loop of a key. Reads the text of the key, which is user code.</summary>
    /// <returns>Null when it was removed, or its text does not identify it: it then begins as a new one.</returns>
    public static LoopMemory? Create(KeyGroup group, LoopId loop)
    {
        if (group.Owner.KeyOf(loop) is not { } key || !group.Rows.TryRead(loop, out var row, out var task, out var rented)
            || row.End is LoopEnd.Removed || ReadText(group, key) is not { } text)
            return null;
        var state = row.Saved;
        var pause = state.IsPaused ? group.Restored.PauseOf(loop) ?? RentedRunner.PauseAfterFailures : null;
        if (rented is not null && rented.Runner.TryGetMovingState(loop, ref state)) // pinned, or its iteration still runs
        {
            pause = rented.Runner.Control.Pause;
            state.IsPaused = pause is not null;
            if (rented.Runner.Control.Task.Options.ScheduleText != task.Options.ScheduleText)
                state = state.WithoutPlan(Instant.None); // its handle has changed its schedule, which does not move
        }
        return new(text, state)
        {
            End = row.End,
            IsAddedByHand = !row.IsFromSource,
            Pause = pause,
        };
    }

    private static string? ReadText(KeyGroup group, IKeyed key)
    {
        using var call = group.Environment.Observers.Calls.Enter("the text of its key", key);
        if (KeyText.TryRead(key.Key, out var text, out var error))
            return KeyText.RoundTrips(text) ? text : null;
        group.Environment.Observers.Fault(
            FaultKind.KeyTextThrew,
            group.Name,
            "The text of a key " + (error is null ? "was null" : "threw")
                + ", so the state of its loop cannot be handed over: its next owner begins the loop as new.",
            error);
        return null;
    }
}
