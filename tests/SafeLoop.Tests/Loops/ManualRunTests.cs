namespace SafeLoop.Tests.Loops;

/// <summary>
/// Who follows a run by a command must have its result before the loop parks, or a host in virtual time comes to rest, and a
/// stopping host disconnects, while the result is still on its way through the thread pool.
/// </summary>
public sealed class ManualRunTests
{
    private static readonly IterationRecord Succeeded = Record(IterationOutcome.Succeeded);
    private readonly List<(IterationRecord Record, int Thread)> _ended = [];

    [Fact]
    public void The_result_is_reported_on_the_thread_that_sets_it()
    {
        Create().Complete(Succeeded);

        Assert.Equal((Succeeded, Environment.CurrentManagedThreadId), Assert.Single(_ended));
    }

    [Fact]
    public void A_run_that_is_cancelled_in_the_queue_is_reported_once()
    {
        var run = Create();

        run.Cancel(Record(IterationOutcome.Interrupted));
        run.Complete(Succeeded); // the loop drops it from its queue later

        Assert.Equal(IterationOutcome.Interrupted, Assert.Single(_ended).Record.Outcome);
    }

    [Fact]
    public void A_run_that_is_cancelled_while_it_runs_is_reported_when_it_has_ended()
    {
        var (run, cancels) = (Create(), 0);
        run.OnStarted(() => cancels++);

        run.Cancel(Record(IterationOutcome.Interrupted));
        Assert.Empty(_ended);
        run.Complete(Succeeded);

        Assert.Equal((1, IterationOutcome.Succeeded), (cancels, Assert.Single(_ended).Record.Outcome));
    }

    private ManualRun Create() => new(record => _ended.Add((record, Environment.CurrentManagedThreadId)));

    private static IterationRecord Record(IterationOutcome outcome) => new(default, default, outcome, OutcomeReason.None, 1);
}
