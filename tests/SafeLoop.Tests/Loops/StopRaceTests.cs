using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>A request that came just before the stop is answered, also when its thread was interrupted in the middle.</summary>
public class StopRaceTests
{
    // After cylc-flow#7432 and quartznet#2804: what was accepted while the scheduler shut down was neither run nor answered.
    [Fact]
    public void A_run_that_is_accepted_at_the_moment_of_the_stop_is_answered()
    {
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("task", Steps.None).Every(1.Hours)
            .StartAfter(1.Hours));
        host.Observer.WaitFor(LoopEventKind.LoopStarted, 1);
        var loop = ((RecurringTasks)host.Tasks).All.OfType<TaskLoop>().Single().Loop;
        var (requests, hasRuns) = (Field("_runs"), Field("_hasRuns"));
        var (queue, run) = ((Queue<ManualRun>)requests.GetValue(loop.Control)!, new ManualRun());
        lock (queue) // as TryRun does, which has seen that no stop is requested
        {
            var blocked = Monitor.LockContentionCount;
            loop.Control.Stop(new(LoopEnd.Stopped, OutcomeReason.Cancelled, "Enough."));
            Assert.True(SpinWait.SpinUntil(() => Monitor.LockContentionCount > blocked, ThreadedLoopHost.Patience));
            queue.Enqueue(run);
            hasRuns.SetValue(loop.Control, true);
        }

        ThreadedLoopHost.Wait(loop.Completion);
        Assert.True(run.Task.IsCompleted, "Its caller waits for ever.");
        var record = run.Task.Answer();
        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.Cancelled), (record.Outcome, record.Reason));

        static FieldInfo Field(string name) =>
            typeof(LoopControl).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!;
    }
}
