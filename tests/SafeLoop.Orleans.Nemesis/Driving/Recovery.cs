using ClusterNemesis.Judging;

namespace ClusterNemesis.Driving;

/// <summary>Waits until every loop has run again.</summary>
internal sealed class Recovery(Judge judge, IReadOnlyList<SiloProcess> silos)
{
    /// <summary>The limit. A machine that is busy with other work must not fail the run.</summary>
    private static readonly TimeSpan Last = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Notes each loop that has not run.</summary>
    public async Task SeeAllRunAsync(TimeSpan since)
    {
        var missing = Plan.Loops.ToHashSet();
        for (var seen = 0; missing.Count > 0 && judge.Now - since < Last; await Task.Delay(Look, TimeProvider.System))
        {
            foreach (var silo in silos)
                RestartIfEnded(silo);
            var log = judge.Log;
            missing.ExceptWith(log.Skip(seen)
                .Where(entry => entry is { Kind: EntryKind.Write, Text: Entry.Accepted } && entry.At >= since)
                .Select(entry => entry.Loop));
            seen = log.Length;
        }
        foreach (var loop in missing)
            judge.Note(EntryKind.Recovered, "-", $"within {judge.Now - since} from {since}", loop);
        if (since > TimeSpan.Zero)
            judge.Note(EntryKind.Recovered, "-", (judge.Now - since).ToString());
    }

    // As an orchestrator does. A silo that cannot read the table of members while it starts, ends.
    private void RestartIfEnded(SiloProcess silo)
    {
        if (silo.IsRunning)
            return;
        judge.Note(EntryKind.Fault, silo.Life, "ended by itself");
        silo.Start();
    }
}
