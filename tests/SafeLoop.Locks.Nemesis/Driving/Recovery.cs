using Nemesis.Judging;
using SafeLoop;

namespace Nemesis.Driving;

/// <summary>
/// Waits until every task has run again or is stuck. The measure is the work of the workers, not the clock, because everything
/// takes longer on a busy machine.
/// </summary>
internal sealed class Recovery(Judge judge, IReadOnlyList<WorkerProcess> workers)
{
    /// <summary>
    /// A task is stuck when it has not run although each worker has reached its slots this often. Failed slots do not count,
    /// because then the back-end did not answer in time.
    /// </summary>
    public const int Rounds = 7;

    /// <summary>The limit for workers that hang or have ended.</summary>
    private static readonly TimeSpan Last = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Notes each stuck task. Cron tasks do not count, because a fast clock has run their slots ahead.</summary>
    public async Task SeeAllRunAsync(TimeSpan since)
    {
        var missing = Plan.Names.Where(task => !Plan.IsCron(task)).ToHashSet();
        var outcomes = new Dictionary<(string Task, string Worker), int>();
        for (var seen = 0; !missing.All(IsStuck) && judge.Now - since < Last; await Task.Delay(Look, TimeProvider.System))
        {
            var log = judge.Log;
            foreach (var entry in log.Skip(seen).Where(entry => entry.At >= since && missing.Contains(entry.Task)))
            {
                if (entry is { Kind: EntryKind.Write, Text: Entry.Accepted })
                    missing.Remove(entry.Task);
                else if (entry.Kind is EntryKind.Outcome
                    && !entry.Text.StartsWith(nameof(IterationOutcome.Failed), StringComparison.Ordinal))
                    outcomes[(entry.Task, entry.Worker)] = OutcomesOf(entry.Task, entry.Worker) + 1;
            }
            seen = log.Length;
        }

        foreach (var task in missing)
        {
            var rounds = string.Join(", ", workers.Select(worker => $"{worker.Life} {OutcomesOf(task, worker.Life)}"));
            var text = $"within {judge.Now - since} from {since}, in which the workers came to its slots so often: {rounds}";
            judge.Note(EntryKind.Recovered, "-", text, task);
        }
        if (since > TimeSpan.Zero)
            judge.Note(EntryKind.Recovered, "-", (judge.Now - since).ToString());

        int OutcomesOf(string task, string worker) => outcomes.GetValueOrDefault((task, worker));

        bool IsStuck(string task) => workers.All(worker => OutcomesOf(task, worker.Life) >= Rounds);
    }
}
