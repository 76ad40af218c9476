using System.Runtime.InteropServices;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>
/// The claims and outcomes of all loops, created on demand. Those of a key are dropped when nothing is pending, so that an idle
/// key costs no memory.
/// </summary>
/// <param name="create">Creates those of a loop.</param>
/// <remarks>Thread-safe. Each <see cref="Rent"/> needs a <see cref="Return"/>.</remarks>
internal sealed class RememberedLoops(Func<string, string?, RememberedSlots> create)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Task, string? Key), Entry> _loops = [];

    /// <summary>Rents the slots of a loop.</summary>
    public RememberedSlots Rent(string task, string? key)
    {
        lock (_gate)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_loops, (task, key), out var isThere);
            if (!isThere)
                entry.Slots = create(task, key);
            entry.Users++;
            return entry.Slots;
        }
    }

    /// <summary>Records the outcomes of all loops.</summary>
    /// <param name="isLost">True when this host was marked as lost, so that the rest is recorded under its next id.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    public async ValueTask RecordAllAsync(Func<bool> isLost, CancellationToken cancellationToken)
    {
        var rented = RentWithOutcomes();
        try
        {
            foreach (var slots in rented)
            {
                if (isLost())
                    return;
                await slots.RecordAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            rented.ForEach(Return);
        }
    }

    /// <summary>Returns slots that were rented.</summary>
    public void Return(RememberedSlots slots)
    {
        lock (_gate)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_loops, (slots.TaskName, slots.Key));
            if (--entry.Users == 0 && slots is { Key: not null, IsEmpty: true })
                _loops.Remove((slots.TaskName, slots.Key));
        }
    }

    /// <summary>True when the slot was claimed, or may have been: the result of the call is unknown.</summary>
    public bool HasClaim(string task, string? key, DateTimeOffset slot)
    {
        lock (_gate)
            return _loops.TryGetValue((task, key), out var entry) && entry.Slots.HasClaim(slot);
    }

    /// <summary>Called when the schedule of a task begins with this host.</summary>
    /// <param name="stored">What is stored of it.</param>
    public void OnBeginning(StoredLoop stored)
    {
        var slots = Rent(stored.TaskName, stored.Key);
        slots.OnBeginning(stored.LastSlot);
        Return(slots);
    }

    /// <summary>Adds an outcome to be recorded.</summary>
    public void Add(HistoryEntry entry)
    {
        var slots = Rent(entry.TaskName, entry.Key);
        slots.Add(entry);
        Return(slots);
    }

    /// <summary>How many loops have slots.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _loops.Count;
        }
    }

    private List<RememberedSlots> RentWithOutcomes()
    {
        lock (_gate)
        {
            var all = _loops.Values.Where(static entry => entry.Slots.HasOutcomes).Select(static entry => entry.Slots).ToList();
            foreach (var slots in all)
                CollectionsMarshal.GetValueRefOrNullRef(_loops, (slots.TaskName, slots.Key)).Users++;
            return all;
        }
    }

    private struct Entry
    {
        public RememberedSlots Slots;
        public int Users;
    }
}
