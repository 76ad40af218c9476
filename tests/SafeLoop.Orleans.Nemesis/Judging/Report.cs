using System.Globalization;

namespace ClusterNemesis.Judging;

/// <summary>What happened, counted.</summary>
public sealed record Report(
    string Store,
    int Seed,
    int Faults,
    int Accepted,
    int Moves,
    int Stale,
    int Doubled,
    TimeSpan LongestGap,
    TimeSpan LongestRecovery,
    IReadOnlyList<string> Violations)
{
    /// <summary>Everything that a cluster must withstand has happened. A run without it was too kind.</summary>
    public bool ProvesSomething => this is { Faults: > 2, Moves: > 0, Doubled: > 0 };

    internal static Report Of(string store, int seed, IReadOnlyList<Entry> log)
    {
        var writes = log.Where(entry => entry.Kind is EntryKind.Write).ToArray();
        var accepted = writes.Where(entry => entry.Text is Entry.Accepted).GroupBy(entry => entry.Loop)
            .Select(loop => loop.ToArray()).ToArray();
        return new(
            store,
            seed,
            log.Count(entry => entry.Kind is EntryKind.Fault),
            accepted.Sum(loop => loop.Length),
            accepted.Sum(loop => loop.Zip(loop.Skip(1)).Count(pair => pair.First.Silo != pair.Second.Silo)),
            writes.Count(entry => entry.Text is Entry.StaleToken),
            Checker.Doubled(log).Count(),
            accepted.SelectMany(loop => loop.Zip(loop.Skip(1), (one, next) => next.At - one.At)).DefaultIfEmpty().Max(),
            log.Where(entry => entry is { Kind: EntryKind.Recovered, Loop: "" })
                .Select(entry => TimeSpan.Parse(entry.Text, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max(),
            Checker.Check(log));
    }

    public override string ToString() => FormattableString.Invariant($"""
        {Store}, seed {Seed}: {Faults} faults, {Accepted} slots accepted, {Moves} moves of a loop,
          {Doubled} slots attempted twice after a fault, {Stale} stale writes refused,
          longest gap of a loop {LongestGap.TotalSeconds:0.0} s, longest recovery {LongestRecovery.TotalSeconds:0.0} s
        """) + (Violations.Count == 0
            ? "\n  no rule was broken"
            : string.Concat(Violations.Select(violation => "\n  BROKEN: " + violation)));
}
