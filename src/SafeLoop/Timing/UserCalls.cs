namespace SafeLoop;

/// <summary>
/// The calls into user code that threads of one host are executing, so that other threads can report a call that does not
/// return.
/// </summary>
/// <remarks>
/// Every thread has its own slot, so entering a call takes no lock and allocates nothing. A call counts only while it uses the
/// caller's thread; code that awaits is part of a running iteration, which has its own report. A reader may see a slot while it
/// is written. That is harmless, because blocked calls do not change for seconds.
/// </remarks>
internal sealed class UserCalls
{
    [ThreadStatic]
    private static UserCallSlot? s_slot;

    // The slots of all threads that have called user code. Also used as the lock.
    private static readonly List<UserCallSlot> Slots = [];

    /// <summary>Marks this thread as executing user code until the result is disposed.</summary>
    /// <param name="callee">The called code: its name, or the object.</param>
    /// <param name="subject">The loop: the task's name, or the loop of a key.</param>
    public UserCall Enter(object callee, object subject) => new(s_slot ??= Register(), this, callee, subject);

    /// <summary>The calls that threads of this host are executing now.</summary>
    public IReadOnlyList<(UserCallSlot Slot, long Version, object Callee, object Subject)> Snapshot()
    {
        lock (Slots)
        {
            Slots.RemoveAll(static slot => !slot.IsAlive);
            return [.. from slot in Slots
                       from call in slot.Read(this)
                       select (slot, call.Version, call.Callee!, call.Subject!)];
        }
    }

    private static UserCallSlot Register()
    {
        var slot = new UserCallSlot(Thread.CurrentThread);
        lock (Slots)
        {
            if (Slots.Count == Slots.Capacity)
                Slots.RemoveAll(static other => !other.IsAlive);
            Slots.Add(slot);
        }
        return slot;
    }
}
