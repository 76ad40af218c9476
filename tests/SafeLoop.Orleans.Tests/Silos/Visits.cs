using System.Collections.Concurrent;

namespace SafeLoop.Tests.Silos;

/// <summary>Records which silo has run which slot of which loop.</summary>
internal sealed class Visits
{
    private readonly ConcurrentQueue<Visit> _all = new();
    private readonly ConcurrentQueue<(string Loop, DateTimeOffset Slot)> _interrupted = new();

    public IReadOnlyCollection<Visit> All => _all;

    public void Add(Visit visit) => _all.Enqueue(visit);

    /// <summary>Records that the iteration of a slot was cancelled. Its step may not have begun.</summary>
    public void Interrupt(string loop, DateTimeOffset slot) => _interrupted.Enqueue((loop, slot));

    /// <summary>The last visit of each loop.</summary>
    public Dictionary<string, Visit> Last() =>
        _all.GroupBy(static visit => visit.Loop).ToDictionary(static loop => loop.Key, static loop => loop.MaxBy(v => v.Slot)!);

    /// <summary>
    /// The slots of a schedule that have run twice, and those between the first and the last that have no outcome at all.
    /// </summary>
    public (string[] Doubled, string[] Lost) Judge(TimeSpan period)
    {
        var (doubled, lost) = (new List<string>(), new List<string>());
        foreach (var loop in _all.Where(static visit => !visit.IsManual).GroupBy(static visit => visit.Loop))
        {
            var slots = loop.Select(static visit => visit.Slot).Order().ToArray();
            doubled.AddRange(slots.Zip(slots.Skip(1)).Where(pair => pair.First == pair.Second)
                .Select(pair => $"{loop.Key} {pair.First:O}"));
            var interrupted = _interrupted.Where(slot => slot.Loop == loop.Key && slot.Slot < slots[^1]);
            slots = [.. slots.Concat(interrupted.Select(static slot => slot.Slot)).Order()];
            lost.AddRange(slots.Zip(slots.Skip(1)).Where(pair => pair.Second - pair.First > period)
                .Select(pair => $"{loop.Key} {pair.First:O}–{pair.Second:O}"));
        }
        return ([.. doubled], [.. lost]);
    }
}
