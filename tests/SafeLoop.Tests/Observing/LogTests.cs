using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SafeLoop.Tests.Tasks;

namespace SafeLoop.Tests.Observing;

public sealed class LogTests : ControlTest
{
    private static readonly Exception Error = new InvalidOperationException("on purpose");

    [Fact]
    public void A_first_failure_is_a_warning_and_a_repeated_one_an_error_both_with_the_exception()
    {
        Run(task => task.Every(Second * 10).Step("second", (_, _) => throw Error));
        Host.Advance(Second * 10);

        Assert.Equal(
            [
                (LogLevel.Warning, 12, "Iteration 1 of 'task' failed after 0 ms; the loop goes on", Error),
                (LogLevel.Error, 13, "Iteration 2 of 'task' failed after 0 ms, 2 failures in a row; the loop goes on", Error),
            ],
            Loud());
    }

    [Fact]
    public void A_time_out_is_as_loud_as_any_failure()
    {
        IsGated = true;
        Run(task => task.Every(Second * 10).WithTimeout(Second));
        Host.Advance(Second * 11);

        Assert.Equal([(LogLevel.Warning, 14), (LogLevel.Error, 14)], Loud().Select(line => (line.Level, line.Id)));
    }

    [Theory]
    [InlineData("pause", "the task is paused")]
    [InlineData("stop", "the loop ends")]
    [InlineData("stop host", "the loop ends and the host stops")]
    [InlineData("stop after", "the loop ends")]
    [InlineData("stop by step", "the loop ends")]
    public void The_line_of_a_failure_says_what_follows_from_it(string what, string consequence)
    {
        Run(task => _ = what switch
        {
            "pause" => Fail(task).PauseAfterFailures(2),
            "stop" => Fail(task).StopAfterFailures(2),
            "stop host" => Fail(task).StopHostAfterFailures(2),
            "stop after" => Fail(task).StopAfter(2),
            _ => task.Every(Second * 10).Step("second", (iteration, _) =>
            {
                if (iteration.Number == 2)
                    iteration.StopLoop();
                throw Error;
            }),
        });
        Host.Advance(Second * 30);

        Assert.Equal(
            [
                (12, "Iteration 1 of 'task' failed after 0 ms; the loop goes on"),
                (13, $"Iteration 2 of 'task' failed after 0 ms, 2 failures in a row; {consequence}"),
            ],
            Loud().Where(line => line.Id is 12 or 13).Select(line => (line.Id, line.Text)));

        static IRecurringTaskBuilder Fail(IRecurringTaskBuilder task) =>
            task.Every(Second * 10).Step("second", (_, _) => throw Error);
    }

    [Fact]
    public void Giving_up_is_critical_and_says_how_to_run_the_task_again()
    {
        Run(task => task.Every(Second * 10).Step("second", (_, _) => throw Error).StopAfterFailures(1));

        Assert.Equal(
            (LogLevel.Critical,
                "Loop of 'task' ended after 1 failure(s) in a row. "
                    + "It does not run again until it is started by hand (StopAfterFailures)."),
            Assert.Single(Loud().Where(line => line.Id == 3).Select(line => (line.Level, line.Text))));
        Assert.Equal("1 failure.", Task.Snapshot().StateReason);
    }

    [Fact]
    public void Giving_up_with_the_host_says_that_the_host_is_stopped_because_of_it()
    {
        Run(task => task.Every(Second * 10).Step("second", (_, _) => throw Error).StopHostAfterFailures(2));
        Host.Advance(Second * 10);

        Assert.Equal(
            (LogLevel.Critical,
                "Loop of 'task' ended after 2 failure(s) in a row. "
                    + "The host is being stopped because of that (StopHostAfterFailures)."),
            Assert.Single(Loud().Where(line => line.Id == 3).Select(line => (line.Level, line.Text))));
        Assert.Equal(LoopEnd.Failures, Task.Snapshot().End);
    }

    [Theory]
    [InlineData("while", "ConditionMet. A While check returned false.")]
    [InlineData("until", "ConditionMet. An Until check returned true.")]
    [InlineData("step", "StoppedByStep. A step stopped it.")]
    [InlineData("hand", "Stopped. It was stopped by hand.")]
    [InlineData("end", "Completed. The schedule has no further slot.")]
    public void The_line_of_an_end_has_a_reason(string what, string reason)
    {
        Run(task => _ = what switch
        {
            "while" => task.Every(Second).While(() => false),
            "until" => task.Every(Second).Until(() => true),
            "step" => task.Every(Second).Step("second", (iteration, _) => { iteration.StopLoop(); return default; }),
            "end" => task.Every(Second).EndAt(LoopHost.Start),
            _ => task.Every(Second),
        });
        if (what is "hand")
            Task.Stop();
        Host.Advance(Second * 2);

        Assert.Equal($"Loop of 'task' ended: {reason}", Assert.Single(OurLines(), line => line.Id == 2).Text);
    }

    [Fact]
    public void What_fails_before_it_starts_has_no_iteration_number()
    {
        Run(task => task.Every(Second * 10).While(() => throw Error));
        Host.Advance(Second * 10);

        Assert.Equal(
            [
                (LogLevel.Warning, 12, "A run of 'task' failed before it started, after 0 ms; the loop goes on", Error),
                (LogLevel.Error, 13,
                    "A run of 'task' failed before it started, after 0 ms, 2 failures in a row; the loop goes on", Error),
            ],
            Loud());
    }

    [Fact]
    public void What_times_out_or_is_interrupted_before_it_starts_has_no_iteration_number()
    {
        Run(task => task.Every(Second * 10).WithTimeout(Second)
            .While(async token => { await Cancelled.By(token); return true; }));
        Host.Advance(Second * 10);
        Task.Stop();
        Host.Advance(Second);

        Assert.Equal(
            [
                (14, "A run of 'task' exceeded its time limit before it started, after 1000 ms, "
                    + "1 failure(s) in a row; the loop goes on"),
                (15, "A run of 'task' was interrupted before it started: Cancelled"),
            ],
            OurLines().Where(line => line.Id is 14 or 15).Select(line => (line.Id, line.Text)));
    }

    [Fact]
    public void What_a_step_throws_while_it_is_interrupted_is_a_warning_and_its_cancellation_is_none()
    {
        Run(task => task.Every(Second * 10).Step("second", async (iteration, token) =>
        {
            try
            {
                await Cancelled.By(token);
            }
            catch (OperationCanceledException) when (iteration.Number == 1)
            {
                throw Error; // the roll-back failed
            }
        }));
        Task.Stop();
        Host.Advance(TimeSpan.FromMilliseconds(1));
        Task.Start();
        Host.Settle();
        Task.Stop();
        Host.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("Interrupted(Cancelled), Interrupted(Cancelled)", Outcomes());
        Assert.Equal([(LogLevel.Warning, 15, "Iteration 1 of 'task' was interrupted after 0 ms: Cancelled", Error)], Loud());
    }

    [Fact]
    public void A_clean_life_is_never_a_warning()
    {
        Run();
        Host.Advance(Second * 10);
        IsGated = true;
        Host.Advance(Second * 15); // 20: runs; skipped slots
        var changed = Task.ChangeAsync(options => options.Timeout = Second * 10);
        Host.Settle();
        Host.Advance(Second * 20);
        var stopped = Host.StopHost();
        Host.Advance(TimeSpan.FromMilliseconds(1));
        Host.Wait(stopped);

        Assert.Empty(Loud());
        Assert.Equal("Succeeded, Succeeded, Skipped(PreviousRunning), Skipped(PreviousRunning), Interrupted(HostStopping)",
            Outcomes());
        Assert.Equal([1, 10, 11, 10, 11, 10, 22, 16, 16, 15, 2], OurLines().Select(line => line.Id).Where(id => id > 0));
        Assert.All(OurLines().Where(line => line.Id == 16), line => Assert.Equal(LogLevel.Debug, line.Level));
        Assert.True(changed.IsCompleted);
    }

    [Fact]
    public void Missed_slots_paused_tasks_and_stuck_iterations_are_logged_as_warnings_or_errors()
    {
        Run(task => task.Every(Second * 10).WithTimeout(Second));
        Host.Sleep(Second * 35);
        Task.Pause("Maintenance.");
        Task.Resume();
        (IsGated, IsDeaf) = (true, true);
        Host.Advance(Second * 30);
        Open();

        Assert.Equal([
            (17, LogLevel.Warning),
            (20, LogLevel.Warning),
            (14, LogLevel.Warning),
            (18, LogLevel.Error),
            (19, LogLevel.Warning)
        ], Loud().Select(line => (line.Id, line.Level)));
        Assert.Equal("2 slot(s) of 'task' up to 2026-01-01T00:00:20.0000000+00:00 missed: they were noticed too late",
            Loud().First().Text);
        Assert.Contains("in step 'task', which ignores its cancellation token", Loud().ElementAt(3).Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("every 50 ms")]
    [InlineData("skip")]
    [InlineData("cron")]
    public void Slots_that_a_fast_loop_missed_for_long_are_a_warning_although_the_last_of_them_is_not_late(string kind)
    {
        Run(task => _ = kind switch
        {
            "skip" => task.Every(Second / 20).OnMissed(MissedSlots.Skip),
            "cron" => task.Cron("* * * * * *"),
            _ => task.Every(Second / 20),
        });
        Host.Sleep(TimeSpan.FromHours(2));

        Assert.Equal((LogLevel.Warning, 17), Assert.Single(Loud().Select(line => (line.Level, line.Id))));
        Assert.StartsWith(kind == "cron" ? "7199 slot(s)" : "143999 slot(s)", Loud().Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Slots_that_a_fast_loop_missed_for_less_than_a_second_are_not()
    {
        Run(task => task.Every(Second / 20));
        Host.Sleep(Second * 0.9);

        Assert.Equal(17, Task.Snapshot().Missed);
        Assert.Empty(Loud());
    }

    [Fact]
    public void A_log_that_throws_breaks_no_loop()
    {
        using var host = new LoopHost(services =>
        {
            services.AddRecurringTask("task", (_, _) => ValueTask.CompletedTask).Every(Second);
            services.AddSingleton<ILoggerProvider>(new BrokenLog());
        });
        host.StartHost();
        host.Advance(Second * 10);

        Assert.Equal(11, host["task"].Snapshot().Succeeded);
    }

    [Theory]
    [InlineData(IterationOutcome.Succeeded, OutcomeReason.None)]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.PreviousRunning)]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.Missed)]
    public void A_line_that_is_not_written_is_not_made(IterationOutcome outcome, OutcomeReason reason)
    {
        var record = new IterationRecord(LoopHost.Start, LoopHost.Start, outcome, reason, 1);

        new LogObserver(NullLogger.Instance)
            .OnEvent(new() { Kind = LoopEventKind.IterationEnded, TaskName = "task", Keyed = new Unread(), Record = record });
    }

    private IEnumerable<LogLine> OurLines() =>
        Host.Logs.Lines.Where(line => line.Text.Contains("'task'", StringComparison.Ordinal));

    private IEnumerable<(LogLevel Level, int Id, string Text, Exception? Exception)> Loud() =>
        Host.Logs.Lines.Where(line => line.Level >= LogLevel.Warning)
            .Select(line => (line.Level, line.Id, line.Text, line.Exception));

    private sealed class Unread : IKeyed
    {
        public LoopId Id => default;

        public string TaskName => "task";

        public object Key => throw new InvalidOperationException("The key must not be read.");

        public double Phase => 0;

        public IKeyed Copy() => this;
    }

    /// <summary>Breaks whatever is logged of a recurring task; the host's own lines are spared.</summary>
    private sealed class BrokenLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) =>
            categoryName == "SafeLoop" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("The log is broken.");

        public void Dispose()
        {
        }
    }
}
