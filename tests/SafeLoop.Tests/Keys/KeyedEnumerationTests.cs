using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>Keys come and go while all of them are visited.</summary>
public class KeyedEnumerationTests
{
    // After netresearch/go-cron#52: entries that were moved during a visit were visited twice, or not at all.
    [Fact]
    public void Keys_that_come_and_go_while_all_are_started_start_once_and_run()
    {
        const int Keys = 3_000; // several slabs
        using var poll = new PollHost(task => task.Every(1000.Seconds), start: false);
        poll.Add([.. Enumerable.Range(0, Keys).Select(n => $"{n}")]);
        poll.Host.Observer.Handler = seen =>
        {
            if (seen.Kind is not LoopEventKind.LoopStarted || !int.TryParse((string)seen.Key!, out var number))
                return;
            poll.Keys.TryRemove($"{(number + 1) % Keys}"); // mostly one that has not started yet
            poll.Keys.TryRemove($"{(number + Keys - 1) % Keys}"); // mostly one that has
            poll.Keys.TryAdd($"new {number}");
        };
        poll.Host.StartHost();
        poll.Host.Settle();
        poll.Host.Observer.Handler = _ => { };
        poll.Advance(1000);

        var (left, started) = (poll.Keys.Keys, poll.Host.Observer.Of(LoopEventKind.LoopStarted));
        Assert.Equal(started.Count, started.Select(e => e.Key).Distinct().Count());
        Assert.Equal(left.Order(), poll.Script.Runs.Where(run => run.Second is 1000).Select(run => run.Key).Order());
        Assert.Equal(left.Count, ((KeyedLoops<string>)poll.Keys).Rows.All().Count());
    }

    // After tokio-rs/slab#38: a slab that once had many entries stayed as large, and as slow to visit.
    [Fact]
    public void After_a_burst_a_visit_passes_over_the_slabs_that_were_freed()
    {
        var rows = new RowSlabs();
        LoopId[] burst = [.. Enumerable.Range(0, 100 * RowSlabs.SlabSize).Select(_ => rows.Add())];
        foreach (var loop in burst.SkipLast(1))
            rows.Remove(loop.Row);

        var (seen, looks) = (new List<LoopId>(), 0);
        for (var row = 0; row < rows.End; row = rows.After(row), looks++)
        {
            if (rows.At(row) is { IsNone: false } loop)
                seen.Add(loop);
        }

        Assert.Equal([burst[^1]], seen);
        Assert.InRange(looks, 1, 2 * RowSlabs.SlabSize + 100);
    }
}
