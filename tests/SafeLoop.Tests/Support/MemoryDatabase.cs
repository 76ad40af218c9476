namespace SafeLoop.Tests;

/// <summary>
/// A database in memory that several hosts share, each by a <see cref="MemoryStore"/>. It outlives them, so a test can end a
/// host at any call and start another.
/// </summary>
/// <param name="clock">The clock of the database.</param>
/// <param name="rules">The guards; null: all of them.</param>
internal sealed class MemoryDatabase(TimeProvider clock, MemoryRules? rules = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryApplication> _applications = new(StringComparer.Ordinal);
    private readonly MemoryRules _rules = rules ?? new();
    private int _calls;

    /// <summary>Called twice for each call, before and after it is carried out. Decides what becomes of it.</summary>
    public Func<StoreCall, StoreCut> Cut { get; set; } = static _ => StoreCut.None;

    /// <summary>How many calls there were, also those that were cut.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <param name="hostClock">The clock of the host, which no sound store uses; null: that of the database.</param>
    public MemoryStore CreateStore(TimeProvider? hostClock = null) => new(this, hostClock ?? clock);

    /// <summary>Reads what is stored of an application.</summary>
    public T Read<T>(string application, Func<MemoryApplication, T> read)
    {
        lock (_gate)
            return read(Get(application));
    }

    public int CountCall() => Interlocked.Increment(ref _calls);

    public T Execute<T>(string application, TimeProvider hostClock, Func<MemoryApplication, DateTimeOffset, T> work)
    {
        lock (_gate)
            return work(Get(application), _rules.Now(clock, hostClock));
    }

    private MemoryApplication Get(string application)
    {
        var name = _rules.ApplicationOf(application);
        if (!_applications.TryGetValue(name, out var found))
            _applications.Add(name, found = new MemoryApplication(_rules));
        return found;
    }
}
