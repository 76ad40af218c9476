using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>When the source of keys is read, and whose keys they are.</summary>
public class DisabledSourceTests
{
    private readonly List<string> _source = ["a", "b"];
    private int _reads;

    [Fact]
    public void The_source_of_a_disabled_task_is_not_read_until_it_is_enabled()
    {
        using var poll = Start(new() { ["RecurringTasks:poll:Enabled"] = "false" });
        poll.Advance(120);
        var reader = poll.Host["poll.keys"];
        Assert.Equal((0, 0, RecurringTaskState.Disabled), (_reads, poll.Keys.Count, reader.State));
        Assert.Equal((OutcomeReason.Disabled, 3), (reader.History[^1].Reason, reader.Snapshot().Skipped));

        Set(poll, "poll:Enabled", "true");
        poll.Advance(60);
        Assert.Equal((1, 2, RecurringTaskState.Waiting), (_reads, poll.Keys.Count, reader.State));
    }

    [Fact]
    public void A_task_that_is_disabled_while_it_runs_is_read_no_more_and_keeps_its_keys()
    {
        using var poll = Start([]);
        Set(poll, "poll:Enabled", "false");
        _source.Remove("a");
        poll.Advance(120);
        Assert.Equal((1, 2), (_reads, poll.Keys.Count));
        poll.Host.Wait(poll.Host["poll.keys"].RunNowAsync());
        Assert.Equal(1, _reads);

        Set(poll, "poll:Enabled", "true");
        poll.Advance(60);
        Assert.Equal(["b"], poll.Keys.Keys);
    }

    [Fact]
    public void A_task_whose_new_options_were_refused_is_read_as_before()
    {
        using var poll = Start([]);
        poll.Host.Configuration["RecurringTasks:poll:Every"] = "-1";
        Set(poll, "poll:Enabled", "false");
        poll.Advance(60);

        Assert.Equal(2, _reads);
    }

    [Fact]
    public void A_source_that_is_disabled_itself_stays_so_when_its_task_is_enabled()
    {
        using var poll = Start(new() { ["RecurringTasks:poll.keys:Enabled"] = "false" });
        Set(poll, "poll:Enabled", "false");
        Set(poll, "poll:Enabled", "true");
        poll.Advance(60);

        Assert.Equal(0, _reads);
    }

    [Fact]
    public void The_source_of_a_paused_task_is_read()
    {
        using var poll = Start([]);
        poll.Keys.Pause();
        _source.Add("c");
        poll.Advance(60);

        Assert.Equal(3, poll.Keys.Count);
        Assert.Empty(poll.Script.Of("c"));
    }

    [Fact]
    public void A_renamed_task_is_followed_too()
    {
        using var poll = new PollHost(
            task => task.KeysFrom(Read, 60.Seconds).Named("devices").Every(1.Hours),
            new() { ["RecurringTasks:devices:Enabled"] = "false" });

        Assert.Equal(RecurringTaskState.Disabled, poll.Host["devices.keys"].State);
    }

    [Fact]
    public void Keys_added_by_hand_stay_whether_the_source_had_them_before_or_has_them_later()
    {
        using var poll = Start([]);
        poll.Add("c");
        Assert.False(poll.Keys.TryAdd("a"));
        _source.Add("c");
        poll.Advance(60);
        _source.Clear();
        poll.Advance(60);

        Assert.Equal(["a", "c"], poll.Keys.Keys.Order());
    }

    [Fact]
    public void A_second_source_is_refused_at_once() => Assert.Equal(
        "Recurring task 'poll': KeysFrom is called twice. "
            + "Read all keys in one source, since each read removes the keys it does not yield.",
        Assert.Throws<InvalidRecurringTaskException>(() => new ServiceCollection().AddRecurringTask<Poll, string>()
            .KeysFrom(Read, 1.Minutes).KeysFrom(Read, 1.Minutes)).Message);

    private PollHost Start(Dictionary<string, string?> settings) =>
        new(task => task.Every(1.Hours).KeysFrom(Read, 60.Seconds), settings);

    private static void Set(PollHost poll, string setting, string value)
    {
        poll.Host.Configuration[$"RecurringTasks:{setting}"] = value;
        poll.Host.Configuration.Reload();
        poll.Host.Settle();
    }

    private async IAsyncEnumerable<string> Read(IServiceProvider services, [EnumeratorCancellation] CancellationToken token)
    {
        _reads++;
        await Task.CompletedTask;
        foreach (var key in _source)
            yield return key;
    }
}
