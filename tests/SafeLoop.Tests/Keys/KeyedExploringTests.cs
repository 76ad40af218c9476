using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>
/// Drawn orders of what can happen to the loops of a keyed task with a limit. What is to be true afterwards is the same for all.
/// </summary>
public class KeyedExploringTests
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    [Theory]
    [InlineData(1, 400)]
    public void Whatever_happens_no_more_run_than_may_all_have_their_turn_and_every_slot_has_one_outcome(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            try
            {
                Explore(new Random(seed));
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Seed {seed}.", error);
            }
        }
    }

    private static void Explore(Random random)
    {
        var (limit, asks) = (random.Next(1, 4), random.Next(2) == 0);
        // Skip may skip every turn that comes late.
        var (overlap, missed, running, most) = ((Overlap)random.Next(4),
            random.Next(2) == 0 ? MissedSlots.RunLatest : MissedSlots.RunAll, 0, 0);
        using var poll = new PollHost(task => task.Every(10.Seconds).OnOverlap(overlap, 3).OnMissed(missed).Concurrency(limit));
        poll.Script.Step = async (_, iteration, token) =>
        {
            most = Math.Max(most, ++running);
            try
            {
                await Steps.Wait(iteration, random.Next(4) * 7.Seconds, token);
            }
            finally
            {
                running--;
            }
        };

        var asked = new HashSet<string>();
        for (var turn = 0; turn < 60; turn++)
        {
            var key = Names[random.Next(Names.Length)];
            switch (random.Next(12))
            {
                case < 3: poll.Keys.TryAdd(key); break;
                case 3 when !asked.Contains(key): // whose successor would begin on a thread of its own
                    poll.Keys.TryRemove(key);
                    poll.Advance(1); // or the successor would have the same first slot
                    break;
                case 4: poll.Keys.Pause(); break;
                case 5: poll.Keys.Resume(); break;
                case 6: poll.Host.Sleep(random.Next(60).Seconds); break;
                case 7: poll.Host.Settle(); break;
                case 8 when asks && poll.Keys.Find(key) is { } handle:
                    asked.Add(key);
                    Ask(handle, random);
                    break;
                default: poll.Advance(random.Next(25)); break;
            }
        }
        Assert.InRange(most, 0, asks ? Names.Length : limit); // keys whose handles were used may run in addition

        poll.Keys.Resume();
        foreach (var key in asked)
            poll.Keys.Find(key)!.Resume();
        poll.Script.Runs.Clear();
        poll.Advance(400); // as long as all take turns with the longest steps and the longest buffers
        Assert.All(poll.Keys.Keys, key => Assert.NotEmpty(poll.Script.Of(key)));

        var stopping = poll.Host.StopHost();
        poll.Host.Wait(stopping);
        Assert.True(stopping.IsCompletedSuccessfully);
        AssertTotals(poll);
        Assert.Equal(poll.Host.Observer.Of(LoopEventKind.LoopStarted).Count(),
            poll.Host.Observer.Of(LoopEventKind.LoopEnded).Count());
        foreach (var key in Names)
            CheckSlots(poll.Ended(key));
    }

    private static void AssertTotals(PollHost poll)
    {
        var (totals, records) = (poll.Host["poll"].Snapshot(), poll.Host.Records("poll"));
        Assert.Equal(records.Count(record => record.Number > 0), totals.Iterations);
        Assert.Equal((Count(IterationOutcome.Succeeded), Count(IterationOutcome.Failed)), (totals.Succeeded, totals.Failed));
        Assert.Equal(
            (Count(IterationOutcome.Interrupted), Count(IterationOutcome.Skipped)), (totals.Interrupted, totals.Skipped));

        long Count(IterationOutcome outcome) => records.Where(record => record.Outcome == outcome).Sum(record => record.Count);
    }

    private static void Ask(RecurringTaskHandle handle, Random random)
    {
        switch (random.Next(3))
        {
            case 0: handle.Pause(); break;
            case 1: handle.Resume(); break;
        }
    }

    private static void CheckSlots(IReadOnlyList<LoopEvent> ended)
    {
        Assert.All(ended, e => Assert.True(e.Record.Started >= e.Record.Slot));
        var slots = ended.Select(e => e.Record.Slot).ToList();
        Assert.Equal(slots.Count, slots.Distinct().Count());
    }
}
