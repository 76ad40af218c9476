using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SafeLoop.Tests.Observing;

/// <summary>The first success after failures is one log line with their number and how long they lasted.</summary>
public class RecoveryTests
{
    [Fact]
    public void A_success_after_failures_is_a_line_at_information_and_the_next_is_none()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("task", (iteration, _) => iteration.Number is >= 2 and <= 4
                ? throw new FormatException()
                : ValueTask.CompletedTask).Every(10.Seconds));
        host.Advance(60.Seconds); // 0 succeeds, 10, 20 and 30 fail, 40 succeeds

        Assert.Equal(
            [(LogLevel.Information, "'task' succeeds again after 3 failure(s) in a row, 00:00:30 after the first")],
            Recoveries(host).Select(line => (line.Level, line.Text)));
        var recovery = Assert.Single(host.Observer.Of(LoopEventKind.IterationEnded), e => e.FailuresBefore > 0);
        Assert.Equal(
            (3, (TimeSpan?)30.Seconds, 0, LoopHost.Start + 40.Seconds),
            (recovery.FailuresBefore, recovery.FailingFor, recovery.ConsecutiveFailures, recovery.Record.Slot));
    }

    [Fact]
    public void After_a_resume_there_is_no_failure_to_recover_from()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("task", (iteration, token) => iteration.Number == 1 ? Cancelled.By(token) : ValueTask.CompletedTask)
            .Every(10.Seconds).WithTimeout(2.Seconds));
        host.Advance(5.Seconds); // timed out at 2
        host["task"].Pause();
        host.Advance(20.Seconds); // two slots skipped
        host["task"].Resume();
        host.Advance(10.Seconds);

        Assert.Empty(Recoveries(host)); // the failures count from zero again
    }

    [Fact]
    public void Time_outs_count_and_what_was_skipped_ends_no_failures()
    {
        var isHeld = false;
        var locks = new ScriptedLocks { Acquire = (_, _) => new(!isHeld) };
        using var host = LoopHost.Run(services => services
            .AddSingleton<ILoopLockProvider>(locks)
            .AddRecurringTask("task", (iteration, token) => iteration.Number == 1 ? Cancelled.By(token) : ValueTask.CompletedTask)
            .Every(10.Seconds).WithTimeout(2.Seconds).WithLock("lock"));
        host.Advance(5.Seconds); // timed out at 2
        isHeld = true;
        host.Advance(20.Seconds); // skipped at 10 and 20
        isHeld = false;
        host.Advance(10.Seconds);

        Assert.Equal(
            "'task' succeeds again after 1 failure(s) in a row, 00:00:28 after the first", Assert.Single(Recoveries(host)).Text);
    }

    [Fact]
    public void Of_a_keyed_task_each_key_says_so_also_after_it_was_parked()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask<FailsTwice, int>("task").Every(3.Minutes));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<FailsTwice, int>>();
        Assert.True(keys.TryAdd(7) && keys.TryAdd(8));
        host.Advance(9.Minutes);

        Assert.Equal(
            ["'task[7]' succeeds again after 2 failure(s) in a row, 00:06:00 after the first",
                "'task[8]' succeeds again after 2 failure(s) in a row, 00:06:00 after the first"],
            Recoveries(host).Select(line => line.Text).Order());
    }

    [Fact]
    public void Of_more_than_a_thousand_keys_each_still_says_that_it_succeeds_again()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask<FailsTwice, int>("task").Every(3.Minutes));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<FailsTwice, int>>();
        for (var key = 0; key < 1_005; key++)
            keys.TryAdd(key);
        host.Advance(9.Minutes);

        Assert.Equal((1_005, 5), (Recoveries(host).Count(),
            Recoveries(host).Count(line => line.Text.EndsWith("after 2 failure(s) in a row", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_key_with_a_handle_goes_on_counting()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask<FailsTwice, int>("task").Every(3.Minutes));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<FailsTwice, int>>();
        keys.TryAdd(7);
        host.Advance(1.Minutes);
        Assert.NotNull(keys.Find(7));
        host.Advance(9.Minutes);

        Assert.Equal(
            "'task[7]' succeeds again after 2 failure(s) in a row, 00:06:00 after the first",
            Assert.Single(Recoveries(host)).Text);
    }

    [Fact]
    public void There_are_never_more_of_these_lines_than_of_those_about_failures()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("task", (iteration, _) => iteration.Number % 2 == 0
                ? throw new FormatException()
                : ValueTask.CompletedTask).Every(1.Seconds));
        host.Advance(100.Seconds);

        Assert.Equal((50, 50), (Recoveries(host).Count(), host.Logs.Lines.Count(line => line.Id is 12 or 13)));
    }

    [Fact]
    public void When_information_is_not_logged_no_line_is_built()
    {
        new LogObserver(NullLogger.Instance).OnEvent(new()
        {
            Kind = LoopEventKind.IterationEnded,
            TaskName = "task",
            Keyed = new Unread(),
            Record = new IterationRecord(LoopHost.Start, LoopHost.Start, IterationOutcome.Succeeded, OutcomeReason.None, 1),
            FailuresBefore = 1,
        });
    }

    private static IEnumerable<LogLine> Recoveries(LoopHost host) =>
        host.Logs.Lines.Where(line => line.Text.Contains("succeeds again", StringComparison.Ordinal));

    private sealed class Unread : IKeyed
    {
        public LoopId Id => default;

        public string TaskName => "task";

        public object Key => throw new InvalidOperationException("The key must not be read.");

        public double Phase => 0;

        public IKeyed Copy() => this;
    }

    private sealed class FailsTwice : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) =>
            iteration.Number <= 2 ? throw new FormatException() : default;
    }
}
