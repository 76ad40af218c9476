namespace SafeLoop;

/// <summary>
/// The loop of a key, seen from outside: parked, in a runner, or with a runner of its own. To look changes nothing.
/// </summary>
/// <param name="Loop">Which.</param>
/// <param name="Runner">What it runs in; null: nothing.</param>
/// <param name="End">Why it ended; null while it has not.</param>
/// <param name="Memory">What it remembers.</param>
/// <param name="Handle">The handle by which it is controlled; null: it has not been.</param>
internal readonly record struct KeyLook(
    KeyedLoop Loop, LoopRunner? Runner, LoopEnd? End, LoopMemory Memory, RecurringTaskHandle? Handle)
{
    /// <summary>Failures in a row.</summary>
    public int Failures => Memory.ConsecutiveFailures;

    /// <summary>The last slot, run or skipped; none before the first.</summary>
    public Instant LastSlot => Memory.Slot;

    /// <summary>The wall clock was set back behind the last slot, and the next one comes only after it.</summary>
    public bool WaitsForClock => End is null && (Runner is not null
        ? Runner.Schedule.WaitsForClockUntil is not null
        : Memory.NextDue > Memory.Slot && Loop.Clock.IsBehind(Memory.Slot));

    /// <summary>It was paused itself, not with all others of its task.</summary>
    public bool IsPausedAlone => Runner?.Control.IsPausedAlone ?? (Memory.ParkedAs & ParkedAs.Paused) != 0;

    public Instant NextSlot => Runner?.Schedule.Next.Slot ?? Memory.NextSlot;

    /// <summary>How long its oldest iteration has been running; zero: none is.</summary>
    public TimeSpan RunningFor => Runner is { Running.Count: > 0 } runner
        ? runner.Running.Snapshot.Select(iteration => iteration.Age).DefaultIfEmpty().Max()
        : TimeSpan.Zero;

    /// <summary>Its own runner knows more than what was parked.</summary>
    public static KeyLook At(KeyedLoop loop)
    {
        var memory = loop.Memory;
        var runner = loop.Runner is { } lent && lent.Log.TryGetMemory(loop, ref memory) ? lent : null;
        return new(loop, runner, loop.End, memory, null);
    }

    /// <summary>A loop that may have been started again knows more than its first loop.</summary>
    public static KeyLook At(KeyedLoop loop, RecurringTaskHandle handle)
    {
        var memory = loop.Memory;
        handle.Log.TryGetMemory(loop, ref memory);
        return new(loop, handle.Acting, handle.Completion is { IsCompleted: true } ended ? ended.Result : null, memory, handle);
    }
}
