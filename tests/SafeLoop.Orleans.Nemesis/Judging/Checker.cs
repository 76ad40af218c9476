namespace ClusterNemesis.Judging;

/// <summary>Reads the log and says everything that must not have happened, as sentences.</summary>
internal static class Checker
{
    private const int MostPerRule = 5;

    /// <summary>How long before a slot ran again its first owner must have met a fault, on a machine that may be busy.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(60);

    /// <summary>What is broken already, while the run goes on.</summary>
    public static bool HasFound(IReadOnlyList<Entry> log) => TokenOfTwo(log).Concat(RanOn(log)).Concat(RanAgain(log)).Any();

    public static IReadOnlyList<string> Check(IReadOnlyList<Entry> log) =>
    [
        .. TokenOfTwo(log).Take(MostPerRule),
        .. RanOn(log).Take(MostPerRule),
        .. RanAgain(log).Take(MostPerRule),
        .. Lost(log).Take(MostPerRule),
        .. NotRunAgain(log).Take(MostPerRule),
        .. BadExits(log).Take(MostPerRule),
    ];

    /// <summary>
    /// The slots that more than one life of a silo has attempted, each with its attempts in order. A stale one was begun before.
    /// </summary>
    public static IEnumerable<Entry[]> Doubled(IReadOnlyList<Entry> log) =>
        from attempts in Writes(log).Where(entry => entry.Text is not Entry.StaleToken).GroupBy(entry => (entry.Loop, entry.Slot))
        where attempts.Select(entry => entry.Silo).Distinct().Count() > 1
        select attempts.ToArray();

    private static IEnumerable<Entry> Writes(IEnumerable<Entry> log) => log.Where(entry => entry.Kind is EntryKind.Write);

    private static IEnumerable<string> TokenOfTwo(IReadOnlyList<Entry> log) =>
        from writes in Writes(log).GroupBy(entry => (entry.Loop, entry.Token))
        where writes.Select(entry => entry.Silo).Distinct().Count() > 1
        select $"A token was issued to two owners: {string.Join(" and ", writes.DistinctBy(entry => entry.Silo))}";

    /// <summary>
    /// After a later owner has written, an earlier one may end the iteration that it was in the middle of. It starts no other.
    /// </summary>
    private static IEnumerable<string> RanOn(IReadOnlyList<Entry> log)
    {
        foreach (var loop in Writes(log).GroupBy(entry => entry.Loop))
        {
            var (greatest, late) = (0L, new Dictionary<(string Silo, long Token), Entry>());
            foreach (var entry in loop)
            {
                greatest = Math.Max(greatest, entry.Token);
                if (entry.Token < greatest && !late.TryAdd((entry.Silo, entry.Token), entry))
                    yield return $"An owner ran on after a later one had written: {late[(entry.Silo, entry.Token)]} and {entry}";
            }
        }
    }

    /// <summary>A slot runs again only after a fault of its owner, and only when it is recent.</summary>
    private static IEnumerable<string> RanAgain(IReadOnlyList<Entry> log)
    {
        // On a busy machine a lease may be lost although no fault was made.
        var faults = log.Where(entry => entry is { Kind: EntryKind.Fault, Text: not Entry.Stopped } or { Kind: EntryKind.Lost })
            .ToLookup(entry => entry.Silo);
        var last = Writes(log).GroupBy(entry => (entry.Loop, entry.Silo)).ToDictionary(life => life.Key, life => life.ToArray());
        foreach (var attempts in Doubled(log))
        {
            var first = attempts[0];
            var again = attempts.First(entry => entry.Silo != first.Silo);
            if (!faults[first.Silo].Concat(faults["server"]).Any(fault => fault.At <= again.At && fault.At > again.At - Recent))
                yield return $"A slot ran again although nothing had happened to its owner: {first} and {again}";
            var owner = last[(first.Loop, first.Silo)].Last(entry => entry.At <= again.At);
            if (TimeSpan.FromTicks(owner.Slot - first.Slot) > Plan.Unstored)
                yield return $"A slot ran again that was stored long before: {first} and {again}, after {owner}";
        }
    }

    /// <summary>Between the first and the last accepted slot of a loop, each slot of its grid is accepted.</summary>
    private static IEnumerable<string> Lost(IReadOnlyList<Entry> log) =>
        from loop in Writes(log).Where(entry => entry.Text is Entry.Accepted).GroupBy(entry => entry.Loop)
        from pair in loop.Zip(loop.Skip(1))
        where pair.Second.Slot - pair.First.Slot != Plan.Period.Ticks
        select $"Slots were lost between {pair.First} and {pair.Second}";

    /// <summary>After each burst of faults the driver waited until every loop had run.</summary>
    private static IEnumerable<string> NotRunAgain(IReadOnlyList<Entry> log) =>
        from entry in log
        where entry is { Kind: EntryKind.Recovered, Loop.Length: > 0 }
        select $"{entry.Loop} did not run again {entry.Text}.";

    private static IEnumerable<string> BadExits(IReadOnlyList<Entry> log) =>
        from entry in log
        where entry.Kind is EntryKind.Exit && entry.Text != "0"
        select $"A silo that was asked to stop ended with {entry.Text}: {entry.Silo}";
}
