namespace Nemesis.Judging;

/// <summary>What happened, counted.</summary>
public sealed record Report(
    string Store,
    int Seed,
    int Faults,
    long Slots,
    int Writes,
    int Takeovers,
    int StaleWrites,
    int SlotsDoneBefore,
    int AlreadyRun,
    int LockLost,
    int Failed,
    TimeSpan LongestGap,
    TimeSpan LongestRecovery,
    IReadOnlyList<string> Violations)
{
    /// <summary>Everything that the locks must withstand has happened. A run without it was too kind.</summary>
    public bool ProvesSomething => this is { Faults: > 0, Takeovers: > 0, AlreadyRun: > 0, StaleWrites: > 0 };

    internal static Report Of(string store, int seed, IReadOnlyList<Entry> log)
    {
        var writes = log.Where(entry => entry.Kind is EntryKind.Write).ToArray();
        var accepted = writes.Where(entry => entry.Text is Entry.Accepted).GroupBy(entry => entry.Task)
            .Select(task => task.ToArray()).ToArray();
        var outcomes = log.Where(entry => entry.Kind is EntryKind.Outcome).ToArray();
        int Ended(string how) => outcomes.Count(entry => entry.Text.Split(' ')[..2].Contains(how));
        return new(
            store,
            seed,
            log.Count(entry => entry.Kind is EntryKind.Fault),
            outcomes.Sum(entry => entry.Count),
            accepted.Sum(task => task.Length),
            accepted.Sum(task => task.Zip(task.Skip(1)).Count(pair => pair.First.Worker != pair.Second.Worker)),
            writes.Count(entry => entry.Text is Entry.StaleToken),
            writes.Count(entry => entry.Text is Entry.SlotDone),
            Ended("AlreadyRun"),
            Ended("LockLost"),
            Ended("Failed"),
            accepted.Where(task => !Plan.IsCron(task[0].Task))
                .SelectMany(task => task.Zip(task.Skip(1), (one, next) => next.At - one.At)).DefaultIfEmpty().Max(),
            log.Where(entry => entry is { Kind: EntryKind.Recovered, Task: "" })
                .Select(entry => TimeSpan.Parse(entry.Text, System.Globalization.CultureInfo.InvariantCulture))
                .DefaultIfEmpty().Max(),
            Checker.Check(log));
    }

    public override string ToString() => FormattableString.Invariant($"""
        {Store}, seed {Seed}: {Faults} faults, {Slots} slots with an outcome, {Writes} writes accepted, {Takeovers} takeovers,
          refused: {StaleWrites} stale writes, {SlotsDoneBefore} of slots done before; {AlreadyRun} slots skipped as already run, {LockLost} iterations lost their lock, {Failed} failed,
          longest gap of a task {LongestGap.TotalSeconds:0.0} s, longest recovery {LongestRecovery.TotalSeconds:0.0} s
        """) + (Violations.Count == 0
            ? "\n  no rule was broken"
            : string.Concat(Violations.Select(violation => "\n  BROKEN: " + violation)));
}
