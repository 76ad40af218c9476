using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

/// <summary>A step that awaits a run of its own task would wait for itself.</summary>
public class OwnRunTests
{
    private readonly List<IterationRecord> _answers = [];

    [Theory]
    [InlineData(Overlap.Skip, 0)]
    [InlineData(Overlap.BufferOne, 1)]
    [InlineData(Overlap.BufferAll, 1)]
    [InlineData(Overlap.CancelRunning, 1)]
    public void A_run_that_would_wait_for_the_iteration_that_asks_is_skipped_with_a_sentence(Overlap overlap, int faults)
    {
        using var host = Run(overlap, async (host, number, _) =>
        {
            if (number == 1)
                _answers.Add(await host["t"].RunNowAsync());
        });

        Assert.Equal(
            (IterationOutcome.Skipped, OutcomeReason.PreviousRunning), (Assert.Single(_answers).Outcome, _answers[0].Reason));
        Assert.Contains("NextIn", _answers[0].Error, StringComparison.Ordinal);
        Assert.Equal(
            faults, host.Faults().Count(fault => fault!.Contains("would wait for that iteration", StringComparison.Ordinal)));
        host.Advance(10.Seconds);
        Assert.Equal(2, host["t"].Snapshot().Succeeded);
    }

    [Fact]
    public void A_step_that_blocks_on_a_run_of_its_own_task_does_not_hang()
    {
        using var host = Run(Overlap.Skip, (host, number, _) =>
        {
            if (number == 1)
                _answers.Add(host["t"].RunNowAsync().GetAwaiter().GetResult());
            return Task.CompletedTask;
        });

        Assert.Equal(OutcomeReason.PreviousRunning, Assert.Single(_answers).Reason);
    }

    [Theory]
    [InlineData("after an await")]
    [InlineData("in work it starts")]
    [InlineData("in a handler")]
    public void It_is_refused_wherever_in_the_iteration_it_is_requested(string where)
    {
        using var host = Run(
            Overlap.BufferAll,
            async (host, number, iteration) =>
            {
                if (number > 1)
                    return;
                await Steps.Wait(iteration, 1.Seconds, default);
                if (where == "in a handler")
                    throw new FormatException();
                _answers.Add(
                    where == "after an await" ? await host["t"].RunNowAsync() : await Task.Run(() => host["t"].RunNowAsync()));
            },
            (host, task) => task.OnFailure(async _ => _answers.Add(await host()["t"].RunNowAsync())));
        host.Advance(1.Seconds);
        host.WaitFor(LoopEventKind.IterationEnded, 2);

        Assert.Equal(OutcomeReason.PreviousRunning, Assert.Single(_answers).Reason);
    }

    [Fact]
    public void Beside_itself_a_run_runs_where_that_is_allowed()
    {
        using var host = Run(Overlap.Allow, async (host, number, _) =>
        {
            if (number == 1)
                _answers.Add(await host["t"].RunNowAsync());
        });
        host.WaitFor(LoopEventKind.IterationEnded, 2);

        Assert.Equal(IterationOutcome.Succeeded, Assert.Single(_answers).Outcome);
    }

    [Fact]
    public void A_loop_that_its_own_step_stops_and_starts_begins_only_after_that_step()
    {
        using var host = Run(Overlap.Allow, async (host, number, _) =>
        {
            if (number > 1)
                return;
            host["t"].Stop();
            host["t"].Start();
            _answers.Add(await host["t"].RunNowAsync());
        });

        Assert.Equal(OutcomeReason.PreviousRunning, Assert.Single(_answers).Reason);
    }

    [Fact]
    public void A_change_of_a_loop_that_its_own_step_stops_and_starts_is_answered_at_once()
    {
        Task? change = null;
        using var host = Run(Overlap.Skip, async (host, number, _) =>
        {
            if (number > 1)
                return;
            host["t"].Stop();
            host["t"].Start();
            await (change = host["t"].ChangeAsync(options => options.Every = 3.Seconds));
        });
        host.Settle();

        Assert.True(change!.IsCompletedSuccessfully);
        Assert.Equal(3.Seconds, host["t"].Options.Every);
        Assert.Equal(RecurringTaskState.Waiting, host["t"].State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_that_replaces_its_own_task_may_run_or_change_the_new_one(bool changes)
    {
        var answered = false;
        using var host = Run(Overlap.Skip, async (host, number, _) =>
        {
            host.Tasks.Remove("t");
            var added = host.Tasks.Add("t", task => task.Step("new", Steps.None).Every(10.Seconds));
            if (changes)
                await added.ChangeAsync(options => options.Every = 3.Seconds);
            else
                _answers.Add(await added.RunNowAsync());
            answered = true;
        });
        host.Settle();

        Assert.True(answered);
        if (!changes)
            Assert.Equal(OutcomeReason.PreviousRunning, Assert.Single(_answers).Reason);
        Assert.Equal(RecurringTaskState.Waiting, host["t"].State);
    }

    [Fact]
    public void Another_task_may_be_run_and_so_may_this_one_when_the_iteration_is_over()
    {
        Task<IterationRecord>? later = null;
        using var host = Run(Overlap.BufferOne, async (host, number, iteration) =>
        {
            if (number > 1)
                return;
            _answers.Add(await host["other"].RunNowAsync());
            later = RunLaterAsync(host, iteration.Services.GetRequiredService<TimeProvider>());
        });
        host.WaitFor(LoopEventKind.IterationEnded, 2);
        host.Advance(5.Seconds);

        Assert.Equal(IterationOutcome.Succeeded, Assert.Single(_answers).Outcome);
        Assert.Equal(IterationOutcome.Succeeded, later!.Answer().Outcome);

        static async Task<IterationRecord> RunLaterAsync(LoopHost host, TimeProvider time)
        {
            var over = new TaskCompletionSource();
            await using var timer = time.CreateTimer(_ => over.TrySetResult(), null, 5.Seconds, Timeout.InfiniteTimeSpan);
            await over.Task;
            return await host["t"].RunNowAsync();
        }
    }

    [Fact]
    public void A_key_that_awaits_its_own_run_is_refused_too_and_another_key_is_not()
    {
        using var poll = new Keys.PollHost(task => task.Every(10.Seconds).OnOverlap(Overlap.BufferAll));
        poll.Script.Step = async (key, iteration, _) =>
        {
            if (key != "a" || iteration.Number > 1)
                return;
            _answers.Add(await poll.Keys.Find("a")!.RunNowAsync());
            _answers.Add(await poll.Keys.Find("b")!.RunNowAsync());
        };
        poll.Add("b", "a");
        poll.Host.WaitFor(LoopEventKind.IterationEnded, 4);

        Assert.Equal([OutcomeReason.PreviousRunning, OutcomeReason.None], _answers.Select(answer => answer.Reason));
    }

    private static LoopHost Run(
        Overlap overlap,
        Func<LoopHost, long, Iteration, Task> step,
        Action<Func<LoopHost>, IRecurringTaskBuilder>? configure = null)
    {
        LoopHost? host = null;
        host = new LoopHost(services =>
        {
            services.AddRecurringTask("other", Steps.None).Cron("0 0 1 1 *");
            var task = services.AddRecurringTask("t", (iteration, _) => new ValueTask(step(host!, iteration.Number, iteration)))
                .Every(10.Seconds).OnOverlap(overlap);
            configure?.Invoke(() => host!, task);
        });
        host.StartHost();
        return host;
    }
}
