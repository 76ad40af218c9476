using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Loops;

/// <summary>A loop that a bug has ended: a clock that throws stands for one.</summary>
public class LoopCrashTests
{
    [Fact]
    public async Task A_run_that_waits_gets_an_answer_although_the_loop_crashed()
    {
        var clock = new BrokenClock();
        using var host = Start(clock);
        var handle = host["task"];
        clock.Breaks = 1;

        var run = handle.RunNowAsync();
        var record = await run.WaitAsync(ThreadedLoopHost.Patience);

        Assert.Equal((IterationOutcome.Skipped, OutcomeReason.Disabled), (record.Outcome, record.Reason));
        Assert.Equal(LoopEnd.Failures, await handle.Completion.WaitAsync(ThreadedLoopHost.Patience));
        Assert.Contains(host.Logs.Lines, line => line.Level is LogLevel.Critical or LogLevel.Error);
    }

    [Fact]
    public void A_loop_ends_although_its_end_crashes_too()
    {
        var clock = new BrokenClock();
        using var host = Start(clock);
        clock.Breaks = 2;
        _ = host["task"].RunNowAsync();

        ThreadedLoopHost.Wait(host["task"].Completion);
    }

    private static ThreadedLoopHost Start(BrokenClock clock) => ThreadedLoopHost.Run(
        services => services.AddRecurringTask("task", Steps.None).Every(3600.Seconds).StartAfter(3600.Seconds), clock);

    private sealed class BrokenClock : TimeProvider
    {
        private int _breaks;

        /// <summary>How many calls of loops still throw.</summary>
        public int Breaks
        {
            set => Volatile.Write(ref _breaks, value);
        }

        public override long GetTimestamp()
        {
            if (LoopRunner.Current is not null && Volatile.Read(ref _breaks) > 0 && Interlocked.Decrement(ref _breaks) >= 0)
                throw new InvalidOperationException("The clock is broken on purpose.");
            return base.GetTimestamp();
        }
    }
}
