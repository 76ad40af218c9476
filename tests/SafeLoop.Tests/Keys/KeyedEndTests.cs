using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>Each loop of a key ends once and leaves nothing behind, at whatever moment it ends.</summary>
public class KeyedEndTests
{
    [Fact]
    public void A_loop_that_has_run_enough_while_it_waits_for_its_turn_ends_once()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).OnOverlap(Overlap.BufferAll).Concurrency(1));
        poll.Script.Step = (_, iteration, token) => new(Steps.Wait(iteration, 25.Seconds, token));
        poll.Add("a", "b");
        poll.Advance(30); // a has runs to start, and waits until b has ended

        poll.Host.Configuration["RecurringTasks:poll:StopAfter"] = "1";
        poll.Host.Configuration.Reload();
        poll.Advance(200);

        Assert.Equal(["a", "b"], poll.Host.Observer.Of(LoopEventKind.LoopEnded).Select(e => e.Key).Order());
        Assert.Equal(0, Group(poll).Runners.Busy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handle_that_is_used_again_while_the_host_stops_does_not_keep_it(bool isRestarted)
    {
        using var poll = new PollHost(task => task.Every(100.Seconds));
        var release = new TaskCompletionSource();
        poll.Script.Step = async (key, _, _) =>
        {
            if (key is "b")
                await release.Task;
        };
        poll.Add("a", "b");
        var other = poll.Keys.Find("a")!; // knows nothing of the runner that the next call gives the loop
        poll.Pin("a");
        var stopping = poll.Host.StopHost();
        poll.Host.Settle();
        Assert.True(SpinWait.SpinUntil(() => Keys(poll).Loops.Count == 0, ThreadedLoopHost.Patience));

        other.Pause();
        if (isRestarted)
            other.Start();

        poll.Host.Release(release);
        poll.Host.Wait(stopping);
        await stopping;
        Assert.Empty(Keys(poll).Loops);
        Assert.Equal(0, Group(poll).Runners.Busy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_the_stop_of_the_host_nothing_is_armed(bool isPinned)
    {
        using var poll = new PollHost(task => task.Every(TimeSpan.FromDays(1)));
        poll.Add("a");
        if (isPinned)
            poll.Pin("a");
        poll.Host.Settle();
        Assert.NotEqual(0, poll.Host.Services.GetRequiredService<Pacemaker>().Armed);

        var stopping = poll.Host.StopHost();
        poll.Host.Wait(stopping);
        await stopping;

        Assert.Equal(0, poll.Host.Services.GetRequiredService<Pacemaker>().Armed);
    }

    [Fact]
    public async Task A_key_that_is_removed_while_the_host_reports_its_ends_is_reported_too()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a", "b", "c");
        var isStopping = false;
        poll.Host.Observer.Handler = seen =>
        {
            if (isStopping && seen.Kind is LoopEventKind.LoopEnded)
                poll.Keys.TryRemove("b");
        };
        isStopping = true;

        var stopping = poll.Host.StopHost();
        poll.Host.Wait(stopping);
        await stopping;

        Assert.Equal(["a", "b", "c"], poll.Host.Observer.Of(LoopEventKind.LoopEnded).Select(e => e.Key).Order());
        Assert.Equal(2, poll.Keys.Count);
    }

    [Fact]
    public void An_end_that_is_handled_late_touches_no_loop_that_uses_the_row_by_then()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a");
        var completion = poll.Pin("a").Completion;
        var (rows, before) = (Group(poll).Rows, Assert.Single(Group(poll).Rows.All()));
        var runner = rows.RunnerOf(before)!;
        Assert.True(poll.Keys.TryRemove("a"));
        poll.Host.Wait(completion);
        Assert.True(SpinWait.SpinUntil(() => !rows.All().Any(), ThreadedLoopHost.Patience));
        poll.Add("b");
        var after = Assert.Single(rows.All());
        Assert.Equal(before.Row, after.Row);

        rows.OnEnded(runner, new(LoopEnd.Removed, OutcomeReason.Removed, "Late."));

        Assert.True(rows.TryRead(after, out var row, out _, out _));
        Assert.Null(row.End);
        poll.Advance(25);
        Assert.Equal([0, 10, 20], poll.Script.Of("b"));
    }

    [Fact]
    public void A_due_loop_that_got_a_handle_meanwhile_does_not_take_a_second_place()
    {
        using var poll = new PollHost(task => task.Every(1000.Seconds).Concurrency(2));
        poll.Script.Step = (key, iteration, token) =>
            new(Steps.Wait(iteration, (key is "b" ? 10 : 20).Seconds, token));
        poll.Add("a", "b");
        poll.Pin("a");
        poll.Host.Settle();
        var (group, loop) = (Group(poll), Group(poll).Rows.All().First());
        Assert.Equal(2, group.Runners.Running);

        group.Runners.Run(loop); // by a thread that has waited since the loop was due

        poll.Advance(100);
        Assert.Equal(0, group.Runners.Running);
        Assert.Equal(2, poll.Script.Runs.Count);
    }

    private static KeyedLoops<string> Keys(PollHost poll) => (KeyedLoops<string>)poll.Keys;

    private static KeyGroup Group(PollHost poll) => Keys(poll).Group;
}
