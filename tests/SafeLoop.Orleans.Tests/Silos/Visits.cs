using System.Collections.Concurrent;

namespace SafeLoop.Tests.Silos;

/// <summary>Records which silo has run which slot of which loop.</summary>
internal sealed class Visits
{
    private readonly ConcurrentQueue<Visit> _all = new();

    public IReadOnlyCollection<Visit> All => _all;

    public void Add(Visit visit) => _all.Enqueue(visit);

    /// <summary>The last visit of each loop.</summary>
    public Dictionary<string, Visit> Last() =>
        _all.GroupBy(static visit => visit.Loop).ToDictionary(static loop => loop.Key, static loop => loop.MaxBy(v => v.Slot)!);

    /// <summary>The slots of a schedule that have run twice, and those between the first and the last that have not run.</summary>
    public (string[] Doubled, string[] Lost) Judge(TimeSpan period)
    {
        var (doubled, lost) = (new List<string>(), new List<string>());
        foreach (var loop in _all.Where(static visit => !visit.IsManual).GroupBy(static visit => visit.Loop))
        {
            var slots = loop.Select(static visit => visit.Slot).Order().ToArray();
            doubled.AddRange(slots.Zip(slots.Skip(1)).Where(pair => pair.First == pair.Second)
                .Select(pair => $"{loop.Key} {pair.First:O}"));
            lost.AddRange(slots.Zip(slots.Skip(1)).Where(pair => pair.Second - pair.First > period)
                .Select(pair => $"{loop.Key} {pair.First:O}–{pair.Second:O}"));
        }
        return ([.. doubled], [.. lost]);
    }
}
