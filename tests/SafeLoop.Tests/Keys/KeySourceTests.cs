using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

public class KeySourceTests
{
    private readonly List<string> _source = ["a", "b"];
    private Exception? _error;

    [Fact]
    public void Keys_follow_their_source_and_those_added_by_hand_stay()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).KeysFrom(Read, 60.Seconds));
        poll.Add("by hand");
        Assert.Equal(["a", "b", "by hand"], poll.Keys.Keys.Order());

        _source.Remove("a");
        _source.Add("c");
        poll.Advance(60);

        Assert.Equal(["b", "by hand", "c"], poll.Keys.Keys.Order());
        Assert.Equal([0, 10, 20, 30, 40, 50], poll.Script.Of("a").Where(second => second < 60));
        Assert.Equal([60], poll.Script.Of("c"));
    }

    [Fact]
    public void A_source_that_fails_half_way_changes_nothing()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).KeysFrom(Read, 60.Seconds));
        _source.Clear();
        _source.Add("c");
        _error = new IOException("the database is down");
        poll.Advance(60);

        Assert.Equal(["a", "b"], poll.Keys.Keys.Order());
        Assert.Equal(1, poll.Host["poll.keys"].Snapshot().ConsecutiveFailures);
    }

    [Fact]
    public void Reading_is_a_task_that_goes_with_the_name_and_can_be_run_by_hand()
    {
        using var poll = new PollHost(task => task.KeysFrom(Read, 1.Hours).Named("devices").Every(10.Seconds));
        _source.Add("c");
        poll.Host.Wait(poll.Host["devices.keys"].RunNowAsync());

        Assert.Equal(3, poll.Keys.Count);
    }

    private async IAsyncEnumerable<string> Read(
        IServiceProvider services, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        await Task.CompletedTask;
        foreach (var key in _source)
            yield return key;
        if (_error is not null)
            throw _error;
    }
}
