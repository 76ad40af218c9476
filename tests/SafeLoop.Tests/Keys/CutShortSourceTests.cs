using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>A read of the keys that does not reach the end of its source changes nothing.</summary>
public class CutShortSourceTests
{
    private readonly TaskCompletionSource _gate = new();
    private int _reads;
    private Func<CancellationToken, IAsyncEnumerable<string>?> _later = static _ => null;

    [Fact]
    public void A_source_that_ends_early_because_it_was_cancelled_removes_nothing()
    {
        _later = token => YieldUntilCancelled(token, "a");
        using var poll = Start();
        poll.Advance(60);
        var read = poll.Host["poll.keys"];
        Assert.Equal(RecurringTaskState.Running, read.State);
        read.Stop();
        poll.Host.Settle();

        Assert.Equal(IterationOutcome.Interrupted, read.Snapshot().LastOutcome);
        AssertUnchanged(poll);
    }

    [Fact]
    public void A_source_that_ends_early_because_it_timed_out_removes_nothing()
    {
        _later = token => YieldUntilCancelled(token, "a");
        using var poll = Start(("Timeout", "00:00:05"));
        poll.Advance(70);

        Assert.Equal(IterationOutcome.TimedOut, poll.Host["poll.keys"].Snapshot().LastOutcome);
        AssertUnchanged(poll);
    }

    [Fact]
    public void A_source_that_yields_after_it_was_cancelled_and_never_ends_is_left()
    {
        _later = YieldForEverAfter;
        using var poll = Start(("Timeout", "00:00:05"));
        poll.Advance(70);

        Assert.Equal(IterationOutcome.TimedOut, poll.Host["poll.keys"].Snapshot().LastOutcome);
        AssertUnchanged(poll);
    }

    [Fact]
    public void A_source_that_throws_after_some_keys_changes_nothing()
    {
        _later = _ => Yield(new IOException("the database is down"), "c");
        using var poll = Start();
        poll.Advance(60);

        Assert.Equal("IOException: the database is down", poll.Host["poll.keys"].Snapshot().Last?.Error);
        AssertUnchanged(poll);
    }

    [Fact]
    public void A_source_that_yields_null_adds_none_of_its_keys_and_says_so()
    {
        _later = _ => Yield(null, "c", null!);
        using var poll = Start();
        poll.Advance(60);

        AssertUnchanged(poll, "The source given to KeysFrom yielded null after 1 keys; the keys stay as they are.");
    }

    [Fact]
    public void A_source_that_is_null_changes_nothing()
    {
        _later = _ => null;
        using var poll = Start();
        poll.Advance(60);

        AssertUnchanged(poll, "The source given to KeysFrom returned null instead of keys; the keys stay as they are.");
    }

    [Fact]
    public void A_source_that_ignores_its_token_and_ends_late_changes_nothing()
    {
        _later = _ => YieldAfter(_gate.Task, "c");
        using var poll = Start(("Timeout", "00:00:05"));
        poll.Advance(60 + 60);
        Assert.Equal(RecurringTaskState.Stuck, poll.Host["poll.keys"].State);
        _later = _ => Yield(null, "a", "b");
        poll.Host.Release(_gate);

        AssertUnchanged(poll);
    }

    [Fact]
    public void A_source_that_is_read_when_the_host_stops_removes_nothing()
    {
        _later = token => YieldUntilCancelled(token, "a");
        using var poll = Start();
        poll.Advance(60);
        poll.Host.Wait(poll.Host.StopHost());

        AssertUnchanged(poll);
    }

    [Fact]
    public void A_key_that_occurs_twice_counts_once()
    {
        _later = _ => Yield(null, "a", "b", "b", "a");
        using var poll = Start();
        poll.Advance(60);

        AssertUnchanged(poll);
    }

    private PollHost Start(params (string Setting, string Value)[] reader) => new(
        task => task.Every(1.Hours).KeysFrom((_, token) => ++_reads == 1 ? Yield(null, "a", "b") : _later(token)!, 60.Seconds),
        reader.ToDictionary(setting => $"RecurringTasks:poll.keys:{setting.Setting}", setting => (string?)setting.Value));

    private void AssertUnchanged(PollHost poll, string? error = null)
    {
        if (error is not null)
            Assert.Equal($"InvalidOperationException: {error}", poll.Host["poll.keys"].Snapshot().Last?.Error);
        Assert.Equal(2, _reads);
        Assert.Equal(["a", "b"], poll.Keys.Keys.Order());
        Assert.DoesNotContain(poll.Host.Observer.Of(LoopEventKind.LoopStarted), e => Equals(e.Key, "c"));
    }

    private static async IAsyncEnumerable<string> Yield(Exception? error, params string[] keys)
    {
        await Task.CompletedTask;
        foreach (var key in keys)
            yield return key;
        if (error is not null)
            throw error;
    }

    private static async IAsyncEnumerable<string> YieldAfter(Task gate, string key)
    {
        await gate;
        yield return key;
    }

    private static async IAsyncEnumerable<string> YieldUntilCancelled(
        [EnumeratorCancellation] CancellationToken token, params string[] keys)
    {
        foreach (var key in keys)
            yield return key;
        await EndOf(token);
    }

    private static async Task EndOf(CancellationToken token)
    {
        try
        {
            await Cancelled.By(token);
        }
        catch (OperationCanceledException) // like a source that ends early instead of throwing
        {
        }
    }

    private static async IAsyncEnumerable<string> YieldForEverAfter([EnumeratorCancellation] CancellationToken token)
    {
        await EndOf(token);
        for (var i = 0; ; i++)
            yield return $"{i}";
    }
}
