namespace SafeLoop;

/// <summary>
/// A view of the loop of a key: parked, in a lent runner, or in its own runner. Creating it changes nothing.
/// </summary>
/// <param name="Loop">The loop.</param>
/// <param name="Runner">The runner; null when it is parked.</param>
/// <param name="End">Why it ended; null while it has not.</param>
/// <param name="Memory">What it remembers.</param>
/// <param name="Handle">The handle that controls it; null while nothing has controlled it.</param>
internal readonly record struct KeyLook(
    KeyedLoop Loop, LoopRunner? Runner, LoopEnd? End, LoopMemory Memory, RecurringTaskHandle? Handle)
{
    /// <summary>Failures in a row.</summary>
    public int Failures => Memory.ConsecutiveFailures;

    /// <summary>The last slot, run or skipped; none before the first.</summary>
    public Instant LastSlot => Memory.Slot;

    /// <summary>True when the wall clock was set back behind the last slot and the next slot comes after that.</summary>
    public bool WaitsForClock => End is null && (Runner is not null
        ? Runner.Schedule.WaitsForClockUntil is not null
        : Memory.NextDue > Memory.Slot && Loop.Clock.IsBehind(Memory.Slot));

    /// <summary>True when it is paused individually, not with its whole task.</summary>
    public bool IsPausedAlone => Runner?.Control.IsPausedAlone ?? (Memory.ParkedAs & ParkedAs.Paused) != 0;

    /// <summary>The next slot; none when it has ended.</summary>
    public Instant NextSlot => End is not null ? Instant.None : Runner?.Schedule.Next.Slot ?? Memory.NextSlot;

    /// <summary>How long its oldest iteration has been running; zero when none is running.</summary>
    public TimeSpan RunningFor => Runner is { Running.Count: > 0 } runner
        ? runner.Running.Snapshot.Select(iteration => iteration.Age).DefaultIfEmpty().Max()
        : TimeSpan.Zero;

    /// <summary>Views a loop. While a runner has it, the runner's memory is newer than the parked one.</summary>
    public static KeyLook At(KeyedLoop loop)
    {
        var memory = loop.Memory;
        var runner = loop.Runner is { } lent && lent.Log.TryGetMemory(loop, ref memory) ? lent : null;
        return new(loop, runner, loop.End, memory, null);
    }

    /// <summary>Views a loop with a handle, which may have started it again.</summary>
    public static KeyLook At(KeyedLoop loop, RecurringTaskHandle handle)
    {
        var memory = loop.Memory;
        handle.Log.TryGetMemory(loop, ref memory);
        return new(loop, handle.Acting, handle.Completion is { IsCompleted: true } ended ? ended.Result : null, memory, handle);
    }
}
