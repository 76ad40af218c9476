using Nemesis.Judging;
using SafeLoop;

namespace Nemesis.Driving;

/// <summary>
/// Waits until every task has run again, or stands still. That is judged by what the workers have done and not by the clock: on a busy
/// machine everything takes longer, and nothing has failed.
/// </summary>
internal sealed class Recovery(Judge judge, IReadOnlyList<WorkerProcess> workers)
{
    /// <summary>
    /// A task that has not run although each worker has come to its slots so often stands still. What failed does not count: then the back-end
    /// did not answer in time.
    /// </summary>
    public const int Rounds = 7;

    /// <summary>Against workers that hang or are gone.</summary>
    private static readonly TimeSpan Last = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Notes each task that stands still. Tasks of a calendar do not count: a clock that is fast has run their slots ahead.</summary>
    public async Task SeeAllRunAsync(TimeSpan since)
    {
        var missing = Plan.Names.Where(task => !Plan.IsCron(task)).ToHashSet();
        var outcomes = new Dictionary<(string Task, string Worker), int>();
        for (var seen = 0; !missing.All(StandsStill) && judge.Now - since < Last; await Task.Delay(Look, TimeProvider.System))
        {
            var log = judge.Log;
            foreach (var entry in log.Skip(seen).Where(entry => entry.At >= since && missing.Contains(entry.Task)))
            {
                if (entry is { Kind: EntryKind.Write, Text: Entry.Accepted })
                    missing.Remove(entry.Task);
                else if (entry.Kind is EntryKind.Outcome && !entry.Text.StartsWith(nameof(IterationOutcome.Failed), StringComparison.Ordinal))
                    outcomes[(entry.Task, entry.Worker)] = OutcomesOf(entry.Task, entry.Worker) + 1;
            }
            seen = log.Length;
        }

        foreach (var task in missing)
        {
            var rounds = string.Join(", ", workers.Select(worker => $"{worker.Life} {OutcomesOf(task, worker.Life)}"));
            judge.Note(EntryKind.Recovered, "-", $"within {judge.Now - since} from {since}, in which the workers came to its slots so often: {rounds}", task);
        }
        if (since > TimeSpan.Zero)
            judge.Note(EntryKind.Recovered, "-", (judge.Now - since).ToString());

        int OutcomesOf(string task, string worker) => outcomes.GetValueOrDefault((task, worker));

        bool StandsStill(string task) => workers.All(worker => OutcomesOf(task, worker.Life) >= Rounds);
    }
}
