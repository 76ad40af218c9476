using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Keys;
using static SafeLoop.Tests.History.HistoryOfHost;

namespace SafeLoop.Tests.History;

public class KeyedHistoryTests
{
    [Fact]
    public void Records_of_a_key_begin_when_its_handle_is_used()
    {
        using var host = new PollHost(task => task.Every(10.Seconds));
        host.Add("a", "b");
        host.Pin("a");
        host.Advance(15);

        Assert.Equal(["poll[a] 10 ok"], host.Host.Query().Texts());
        Assert.Equal(["poll[a] 10 ok"], host.Host.Query(new() { TaskName = "poll", Key = "a" }).Texts());
        Assert.Empty(host.Host.Query(new() { TaskName = "poll", Key = "b" }).Texts());
        Assert.StartsWith(
            "The slot of 'poll[a]' at 2026-01-01 00:00:10 UTC ran and succeeded", host.Host.Why("poll", 10, "a"));
        Assert.Equal("a", host.Host.Explain("poll", 10, "a").Key);
    }

    [Fact]
    public void A_failing_key_has_its_last_failure()
    {
        using var host = new PollHost(task => task.Every(10.Seconds));
        host.Script.Step = (_, _, _) => throw new FormatException("no number");
        host.Add("a");
        host.Advance(15);

        Assert.Equal(["poll[a] 10 Failed"], host.Host.Query().Texts());
        Assert.StartsWith(
            "The slot of 'poll[a]' at 2026-01-01 00:00:10 UTC ran and failed with 'FormatException: no number'",
            host.Host.Why("poll", 10, "a"));
        Assert.StartsWith("The record of 'poll[a]' at 2026-01-01 00:00:00 UTC is not in memory", host.Host.Why("poll", 0, "a"));
    }

    [Fact]
    public void A_key_that_waits_has_no_records_but_its_last_slot()
    {
        using var host = new PollHost(task => task.Every(10.Seconds));
        host.Add("a");
        host.Advance(25);

        Assert.Equal(
            "The record of 'poll[a]' at 2026-01-01 00:00:10 UTC is not in memory: of a key, only the last failure is kept while "
                + "it fails, "
                + "and all once its handle was used; its last slot was 2026-01-01 00:00:20 UTC, and what ended last ended as "
                + "Succeeded.",
            host.Host.Why("poll", 10, "a"));
        Assert.StartsWith("'poll[a]' was not due at 2026-01-01 00:00:13 UTC; the slot before it is 2026-01-01 00:00:10 UTC",
            host.Host.Why("poll", 13, "a"));
        Assert.StartsWith("2026-01-01 00:00:40 UTC is a slot of 'poll[a]' that is yet to come", host.Host.Why("poll", 40, "a"));
    }

    [Fact]
    public void A_key_that_runs_is_running()
    {
        using var host = new PollHost(task => task.Every(10.Seconds));
        var gate = new TaskCompletionSource();
        host.Script.Step = (_, _, _) => new(gate.Task);
        host.Add("a");
        host.Advance(5);

        Assert.Contains("has no outcome yet: it has been running since 2026-01-01 00:00:00 UTC", host.Host.Why("poll", 0, "a"));
        host.Host.Release(gate);
    }

    [Fact]
    public void A_key_is_found_by_its_text()
    {
        using var host = new VisitHost(task => task.Every(10.Seconds));
        var device = new Device(7);
        host.Add(device);
        host.Advance(15);

        var text = host.Host.Explain("visit", 12, device).Key!;
        Assert.Equal(host.Host.Why("visit", 12, device), host.Host.Why("visit", 12, text));
        Assert.StartsWith($"'visit[{text}]' was not due", host.Host.Why("visit", 12, text));
    }

    [Fact]
    public void A_key_is_named_by_its_exact_text_and_not_by_that_of_logs()
    {
        using var host = new PollHost(task => task.Every(10.Seconds));
        string[] keys = ["two\nlines", new('x', 300), "\u202Eleft"];
        foreach (var key in keys)
        {
            host.Add(key);
            host.Pin(key);
        }
        host.Script.Step = (_, _, _) => throw new FormatException();
        host.Advance(15);

        Assert.Equal(keys.Order(), host.Host.Query().Entries.Select(entry => entry.Key).Distinct().Order());
        foreach (var key in keys)
        {
            Assert.Equal(key, host.Host.Explain("poll", 10, key).Key);
            Assert.NotEmpty(host.Host.Query(new() { TaskName = "poll", Key = key }).Entries);
            var store = new EntryStore(Entry("poll", 10, IterationOutcome.Failed, key: key));
            Assert.StartsWith("The slot of 'poll[", host.Host.Explain("poll", 10, key, store).Text);
            Assert.DoesNotContain(host.Host.Explain("poll", 10, key, store).Text, char.IsControl);
            Assert.Equal(key, store.Queries[0].Key);
        }
    }

    [Fact]
    public void A_key_that_is_not_there()
    {
        using var host = new PollHost(task => task.Every(10.Seconds));
        const string Unknown = "'poll[x]' has no slot at 2026-01-01 00:00:10 UTC that is known: the key is not among the keys "
            + "of the "
            + "task, and no record of it is kept.";

        Assert.Equal(Unknown, host.Host.Why("poll", 10, "x"));
        Assert.Equal("'poll[7]' has no slot at 2026-01-01 00:00:10 UTC that is known: the key is not among the keys of the "
            + "task, and "
            + "no record of it is kept.", host.Host.Why("poll", 10, 7));
        var store = new EntryStore(Entry("poll", 10, IterationOutcome.Failed, key: "x"));
        Assert.StartsWith("The slot of 'poll[x]' at 2026-01-01 00:00:10 UTC ran and failed",
            host.Host.Explain("poll", 10, "x", store).Text);
    }

    [Fact]
    public async Task A_key_is_given_exactly_where_there_are_keys()
    {
        using var host = new PollHost(task => task.Every(10.Seconds));
        host.Host.Tasks.Add("ordinary", task => task.Step("s", Steps.None).Every(10.Seconds));
        var history = host.Host.History();

        var missing = await Assert.ThrowsAsync<ArgumentException>(() => history.ExplainAsync("poll", LoopHost.Start).AsTask());
        var extra = await Assert.ThrowsAsync<ArgumentException>(
            () => history.ExplainAsync("ordinary", LoopHost.Start, 7).AsTask());

        Assert.StartsWith("Recurring task 'poll' has a loop per key, and no key was given. Give a key, or query the "
            + "history of the task.",
            missing.Message);
        Assert.StartsWith("Recurring task 'ordinary' has no keys, but the key '7' was given. Leave it out.", extra.Message);
    }

    [Fact]
    public void A_key_that_has_ended()
    {
        using var host = new PollHost(task => task.Every(10.Seconds).StopAfter(2));
        host.Add("a");
        host.Advance(45);

        Assert.Equal(
            "'poll[a]' has no slot at 2026-01-01 00:00:30 UTC: its loop ended at 2026-01-01 00:00:10 UTC because no slot was "
                + "left.",
            host.Host.Why("poll", 30, "a"));
    }
}
