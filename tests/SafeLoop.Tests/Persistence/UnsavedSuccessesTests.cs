using Microsoft.Extensions.Time.Testing;
using SafeLoop.Storage;

namespace SafeLoop.Tests.Persistence;

/// <summary>While the store is down, successes of many tasks take a bounded amount of memory.</summary>
public class UnsavedSuccessesTests
{
    private const int Kept = 10_000;

    private readonly FakeTimeProvider _time = new(StoredHosts.Start);

    [Fact]
    public void The_oldest_successes_are_dropped_first_and_counted_in_the_gap()
    {
        var journal = new HistoryJournal(_time, () => { });
        for (var minute = 0; minute < 3; minute++)
        {
            for (var task = 0; task < Kept; task++)
                journal.Count(journal.GetTask($"task {task}"), Success(_time.GetUtcNow()), failures: 0, isRow: true);
            _time.Advance(1.Minutes);
        }
        var batches = TakeAll(journal);

        var rows = batches.SelectMany(batch => batch.History).ToArray();
        Assert.Equal(Kept, rows.Length);
        Assert.All(rows, row => Assert.Equal(StoredHosts.Start + 2.Minutes, row.Record.Slot));
        var gap = Assert.Single(batches.Select(batch => batch.Gap).OfType<HistoryGap>());
        Assert.Equal(
            new()
            {
                From = StoredHosts.Start,
                To = StoredHosts.Start + 1.Minutes,
                Missing = new() { Succeeded = 2 * Kept },
            },
            gap);
        Assert.Equal(3 * Kept, batches.SelectMany(batch => batch.Totals).Sum(total => total.Count));
        Assert.Equal(3 * Kept, batches.SelectMany(batch => batch.Loops).Sum(change => change.Loop.Counts.Succeeded));
        Assert.All(batches, batch => Assert.InRange(batch.History.Count, 0, 500));
    }

    [Fact]
    public void Rows_that_come_while_others_are_taken_wait_for_the_next_batch()
    {
        var journal = new HistoryJournal(_time, () => { });
        journal.Count(journal.GetTask("one"), Success(_time.GetUtcNow()), failures: 0, isRow: true);
        Assert.Single(journal.TakeBatch(_time.GetTimestamp(), isLast: false)!.History);
        journal.Count(journal.GetTask("two"), Success(_time.GetUtcNow()), failures: 0, isRow: true);

        Assert.Null(journal.TakeBatch(_time.GetTimestamp(), isLast: false));
        _time.Advance(1.Seconds);
        var next = journal.TakeBatch(_time.GetTimestamp(), isLast: false)!;
        Assert.Equal("two", Assert.Single(next.History).TaskName);
        Assert.Equal("two", Assert.Single(next.Totals).TaskName);
    }

    private List<StoreBatch> TakeAll(HistoryJournal journal)
    {
        var batches = new List<StoreBatch>();
        while (journal.TakeBatch(_time.GetTimestamp(), isLast: true) is { } batch)
            batches.Add(batch);
        return batches;
    }

    private static IterationRecord Success(DateTimeOffset at) =>
        new() { Slot = at, Started = at, Outcome = IterationOutcome.Succeeded };
}
