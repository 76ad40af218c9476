namespace Nemesis.Judging;

/// <summary>Reads the log and says everything that must not have happened, as sentences.</summary>
internal static class Checker
{
    private const int MostPerRule = 5;

    /// <summary>What is broken already, while the run goes on and the last slots have no outcome yet.</summary>
    public static bool HasFound(IReadOnlyList<Entry> log) => LowerTokenAccepted(log).Concat(NotRunAgain(log)).Any();

    public static IReadOnlyList<string> Check(IReadOnlyList<Entry> log) =>
    [
        .. LowerTokenAccepted(log).Take(MostPerRule),
        .. TokenOfTwo(log).Take(MostPerRule),
        .. SlotCompletedTwice(log).Take(MostPerRule),
        .. SlotsWithoutOneOutcome(log).Take(MostPerRule),
        .. NotRunAgain(log).Take(MostPerRule),
        .. EndedLoops(log).Take(MostPerRule),
        .. BadExits(log).Take(MostPerRule),
    ];

    private static IEnumerable<Entry> Accepted(IEnumerable<Entry> log) =>
        log.Where(entry => entry is { Kind: EntryKind.Write, Text: Entry.Accepted });

    private static IEnumerable<string> LowerTokenAccepted(IEnumerable<Entry> log) =>
        from writes in Accepted(log).GroupBy(entry => entry.Task)
        from pair in writes.Zip(writes.Skip(1))
        where pair.Second.Token <= pair.First.Token
        select $"A guarded write with a token that is not greater was accepted: {pair.First} then {pair.Second}";

    private static IEnumerable<string> TokenOfTwo(IEnumerable<Entry> log) =>
        from writes in log.Where(entry => entry.Kind is EntryKind.Write).GroupBy(entry => (entry.Task, entry.Token))
        where writes.Select(entry => entry.Worker).Distinct().Count() > 1
        select $"A token was issued to two holders: {string.Join(" and ", writes)}";

    private static IEnumerable<string> SlotCompletedTwice(IEnumerable<Entry> log) =>
        from writes in Accepted(log).GroupBy(entry => (entry.Task, entry.Slot, Life: Plan.IsCron(entry.Task) ? "" : entry.Worker))
        where writes.Count() > 1
        select $"A slot was completed twice: {string.Join(" and ", writes)}";

    /// <summary>
    /// In each life of a worker, from its first outcome of a task to its last, each slot of the grid stands in exactly one.
    /// </summary>
    private static IEnumerable<string> SlotsWithoutOneOutcome(IEnumerable<Entry> log)
    {
        var killed = log.Where(entry => entry is { Kind: EntryKind.Fault, Text: Entry.Killed })
            .Select(entry => entry.Worker).ToHashSet();
        foreach (var life in log.Where(entry => entry.Kind is EntryKind.Outcome).GroupBy(entry => (entry.Worker, entry.Task)))
        {
            if (life.GroupBy(entry => entry.Slot).FirstOrDefault(slot => slot.Count() > 1) is { } twice)
                yield return $"A slot has two outcomes: {string.Join(" and ", twice)}";

            // Slots of a calendar move with a clock that is set. A killed process cannot report the slot that was running.
            var (first, last) = (life.Min(entry => entry.Slot), life.Max(entry => entry.Slot));
            var expected = ((last - first) / Plan.Period.Ticks) + 1;
            var counted = life.Sum(entry => entry.Count);
            var unreported = killed.Contains(life.Key.Worker) ? 1 : 0;
            if (!Plan.IsCron(life.Key.Task) && (counted > expected || counted < expected - unreported))
                yield return $"{life.Key.Worker} has outcomes for {counted} slots of {life.Key.Task}, and {expected} came due.";
        }
    }

    /// <summary>
    /// After each burst of faults the driver waited until every task had run. A task that had not run by then stood still.
    /// </summary>
    private static IEnumerable<string> NotRunAgain(IEnumerable<Entry> log) =>
        from entry in log
        where entry is { Kind: EntryKind.Recovered, Task.Length: > 0 }
        select $"{entry.Task} did not run again {entry.Text}.";

    private static IEnumerable<string> EndedLoops(IEnumerable<Entry> log) =>
        from entry in log
        where entry.Kind is EntryKind.LoopEnded && entry.Text != "HostStopped"
        select $"A loop ended: {entry}";

    private static IEnumerable<string> BadExits(IEnumerable<Entry> log) =>
        from entry in log
        where entry.Kind is EntryKind.Exit && entry.Text != "0"
        select $"A worker that was asked to stop ended with {entry.Text}: {entry.Worker}";
}
