using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>Planning takes time too.</summary>
public class LatePlanTests
{
    [Fact]
    public void A_slot_that_comes_due_while_it_is_planned_runs_and_the_loop_does_not_spin()
    {
        VirtualClock? clock = null;
        using var host = ThreadedLoopHost.Run(services => services
            .AddRecurringTask("task", (_, _) => ValueTask.CompletedTask).StopAfter(3).DelayBy(new SlowPolicy(() => clock)));
        clock = host.Clock;
        host.Advance(TimeSpan.FromSeconds(1)); // the first slot; the others come due within the policy

        ThreadedLoopHost.Wait(host["task"].Completion);
        Assert.Equal(3, host["task"].Snapshot().Succeeded);
    }

    /// <summary>A second passes while it thinks, half of which it wanted to wait.</summary>
    private sealed class SlowPolicy(Func<VirtualClock?> clock) : IDelayPolicy
    {
        public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now)
        {
            clock()?.MoveTo(clock()!.GetTimestamp() + TimeSpan.TicksPerSecond);
            return (history.LastEnded ?? history.PlannedFrom).AddSeconds(0.5);
        }
    }
}
