namespace SafeLoop;

/// <summary>A loop between two iterations, when it is nothing but what it remembers and the alarm that wakes it.</summary>
/// <remarks>
/// A loop that does something needs a <see cref="LoopRunner"/> of a few kilobytes, a parked one needs 130 bytes. So the loops of a keyed task
/// share the few runners that are busy at a time: when its alarm rings, a parked loop goes on in whichever runner is free.
/// </remarks>
internal abstract class ParkedLoop : Alarm, IKeyed
{
    public LoopMemory Memory;

    object IKeyed.Key => BoxedKey;

    public abstract RecurringTask Task { get; }

    public abstract LoopClock Clock { get; }

    /// <summary>Why all loops of its task are paused; null when they are not.</summary>
    public abstract string? TaskPaused { get; }

    /// <summary>Where it lies in the period, with <c>Spread</c>: 0 to 1, and always the same.</summary>
    public abstract double Phase { get; }

    /// <summary>An interval has its phase in its slots, once it has begun.</summary>
    public bool NeedsPhase => Task.Options.Spread && (Memory.ParkedAs is ParkedAs.New || Task.Schedule is CronDelay);

    protected abstract object BoxedKey { get; }

    /// <summary>The runner has nothing to do for it until then, and is given back.</summary>
    /// <returns>False: the runner is to stay with it.</returns>
    public abstract bool TryPark(LoopRunner runner, long due);

    /// <summary>It has ended in the runner it was lent, which goes with it.</summary>
    public abstract void HasEnded(StopRequest stop);
}
