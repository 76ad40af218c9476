namespace SafeLoop;

/// <summary>
/// The calls into users' code which threads are in, for one host. What does not return says nothing itself; here others find
/// its name.
/// </summary>
/// <remarks>
/// Every thread has a slot of its own, so entering a call writes three fields: no lock, no allocation. It covers the part of
/// a call that keeps the caller's thread; what awaits is an iteration that runs, and has its place written on it. A reader
/// may see a slot while it is written: what matters stands still for seconds.
/// </remarks>
internal sealed class UserCalls
{
    [ThreadStatic]
    private static UserCallSlot? s_slot;

    // Of all threads of the process that have called users' code; also the lock.
    private static readonly List<UserCallSlot> Slots = [];

    /// <summary>From here on, until the result is disposed, this thread is in users' code.</summary>
    /// <param name="callee">What is called: its name, or the object.</param>
    /// <param name="subject">For which loop: the task's name, or the loop of a key.</param>
    public UserCall Enter(object callee, object subject) => new(s_slot ??= Register(), this, callee, subject);

    /// <summary>The calls this host's threads are in at this moment.</summary>
    public IReadOnlyList<(UserCallSlot Slot, long Version, object Callee, object Subject)> Snapshot()
    {
        lock (Slots)
        {
            Slots.RemoveAll(static slot => !slot.IsAlive);
            return [.. from slot in Slots
                       let version = slot.Version
                       let call = (slot.Host, slot.Callee, slot.Subject)
                       where call is { Host: { } host, Callee: not null, Subject: not null } && host == this && slot.Version == version
                       select (slot, version, call.Callee!, call.Subject!)];
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
