using Microsoft.Extensions.DependencyInjection;
using Polly;
using SafeLoop.Tests.Keys;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

public class ProblemTests
{
    public static TheoryData<string, string> BadLimits => new()
    {
        { nameof(RecurringTaskOptions.Jitter), "Jitter is -00:00:01. Set it to at least zero." },
        { nameof(RecurringTaskOptions.StartAfter), "StartAfter is -00:00:01. Set it to at least zero." },
        { "Missed:Window", "Missed:Window is -00:00:01. Set it to at least zero." },
        { nameof(RecurringTaskOptions.Timeout), "Timeout is -00:00:01. Set it to at least 1 ms." },
        { nameof(RecurringTaskOptions.StuckAfter), "StuckAfter is -00:00:01. Set it to at least 1 ms." },
        { nameof(RecurringTaskOptions.DrainFor), "DrainFor is -00:00:01. Set it to at least zero." },
        { nameof(RecurringTaskOptions.SucceedWithin), "SucceedWithin is -00:00:01. Set it to at least 1 ms." },
        { "Missed:Max", "Missed:Max is 0. Set it to at least 1." },
        { "Overlap:Max", "Overlap:Max is 0. Set it to at least 1." },
        { nameof(RecurringTaskOptions.StopAfter), "StopAfter is 0. Set it to at least 1." },
        { "Failures:PauseAfter", "Failures:PauseAfter is 0. Set it to at least 1." },
        { "Failures:StopAfter", "Failures:StopAfter is 0. Set it to at least 1." },
        { "Failures:StopHostAfter", "Failures:StopHostAfter is 0. Set it to at least 1." },
        { nameof(RecurringTaskOptions.HistoryLength), "HistoryLength is 0. Set it to a number from 1 to 10,000." },
    };

    [Theory]
    [MemberData(nameof(BadLimits))]
    public void A_limit_out_of_bounds(string setting, string sentence)
    {
        var value = sentence.Contains("-00:00:01", StringComparison.Ordinal) ? "-00:00:01" : "0";

        Assert.Equal($"Recurring task 'task': {sentence}", ProblemOfSetting(setting, value));
    }

    [Fact]
    public void Back_off_out_of_bounds() => Assert.Equal(
        [
            "Recurring task 'task': BackOff:Initial is 00:00:00. Set it to at least 1 ms.",
            "Recurring task 'task': BackOff:Max (-00:00:01) is shorter than BackOff:Initial (00:00:00). Raise BackOff:Max.",
            "Recurring task 'task': BackOff:Factor is 0.5. Set it to a number of at least 1.",
            "Recurring task 'task': BackOff:Jitter is 1.5. Set it to a number from 0 to 1.",
        ],
        Problems(services => services.AddRecurringTask("task", Nothing).Every(Second).BackOff(TimeSpan.Zero, -Second, 0.5, 1.5)));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Back_off_by_no_number(double factor) => Assert.Equal(
        $"Recurring task 'task': BackOff:Factor is {factor}. Set it to a number of at least 1.",
        Problem(task => task.Every(Second).BackOff(Second, Second, factor)));

    [Fact]
    public void A_lock_out_of_bounds() => Assert.Equal(
        [
            "Recurring task 'task': Lock:WhenHeld '9' is none of Skip, Wait, Stop. Choose one.",
            "Recurring task 'task': Lock:AtMostFor is 00:00:00.0500000. Set it to at least 100 ms.",
            "Recurring task 'task': Lock:AtLeastFor (00:00:01) is longer than Lock:AtMostFor (00:00:00.0500000), "
            + "so the lease would expire before that time. Lower Lock:AtLeastFor.",
            "Recurring task 'task': Lock:Name is empty. Give the lock a name.",
        ],
        Problems(services => services.AddRecurringTask("task", Nothing).Every(Second)
            .WithLock(" ", (LockHeld)9, Second / 20, Second)));

    [Fact]
    public void Lock_times_without_a_lock() => Assert.Equal(
        "Recurring task 'task': Lock:AtMostFor and Lock:AtLeastFor have no effect without Lock:Name. "
        + "Call WithLock(name, …), or set Lock:Name.",
        Problem(task => task.Every(Second).Configure(options => options.Lock.AtMostFor = Second)));

    [Fact]
    public void No_step() => Assert.Equal(
        ["Recurring task 'task': it has no step. Call Step(name, …), or register it with a class or a delegate."],
        Problems(services => services.AddRecurringTask("task").Every(Second)));

    [Fact]
    public void Two_steps_of_one_name() => Assert.Equal(
        "Recurring task 'task': two steps are named 'task'. Give each its own name.",
        Problem(task => task.Step("task", Nothing).Every(Second)));

    [Fact]
    public void A_dependency_that_is_missing() => Assert.Equal(
        "Recurring task 'task': step 'read' needs Version, which is not registered. "
        + "Call services.AddSingleton<Version>(), AddScoped or AddTransient.",
        Problem(task => task.Step<string, Version>("read", (_, _, _, _) => ValueTask.CompletedTask).Every(Second).Services
            .AddSingleton("text")));

    [Fact]
    public void A_pipeline_that_is_unknown() => Assert.Equal(
        "Recurring task 'task': Resilience 'retry' is not a registered pipeline. "
        + "Call services.AddResiliencePipeline(\"retry\", …).",
        Problem(task => task.Every(Second).WithResilience("retry")));

    [Fact]
    public void Two_pipelines() => Assert.Equal(
        "Recurring task 'task': WithResilience is given in more than one way. Keep the name, the pipeline or the configuration.",
        Problem(task => task.Every(Second).WithResilience(ResiliencePipeline.Empty)
            .WithResilience(builder => builder.AddTimeout(Second))));

    [Fact]
    public void A_pipeline_that_cannot_be_built() => Assert.Equal(
        "Recurring task 'task': WithResilience could not build its pipeline: broken on purpose",
        Problem(task => task.Every(Second).WithResilience(_ => throw new InvalidOperationException("broken on purpose")))
            .TrimEnd('.'));

    [Fact]
    public void The_same_name_twice()
    {
        var problems = Problems(services =>
        {
            services.AddRecurringTask("task", Nothing).Every(Second);
            services.AddRecurringTask("Task", Nothing).Every(Second);
        });

        Assert.Equal(["Recurring task 'Task': the name is taken. Give each task its own; capitals do not matter."], problems);
    }

    [Fact]
    public void The_same_name_twice_with_different_schedules_is_about_the_name()
    {
        var problems = Problems(services =>
        {
            services.AddRecurringTask("task", Nothing).Every(Second);
            services.AddRecurringTask("task", Nothing).Cron("* * * * *");
        });

        Assert.Equal(["Recurring task 'task': the name is taken. Give each task its own; capitals do not matter."], problems);
    }

    [Fact]
    public void All_problems_of_all_tasks_are_reported_at_once() => Assert.Equal(
        [
            "Recurring task 'one': it has 2 schedules (Every, Delay). Keep one, "
                + "or register a task for each and put them under one lock with WithLock.",
            "Recurring task 'one': Timeout is 00:00:00. Set it to at least 1 ms.",
            "Recurring task 'two': RecurringTasks:two:Evry is not a setting, did you mean 'Every'?",
            "Recurring task 'two': it has no step. Call Step(name, …), or register it with a class or a delegate.",
            "Recurring task 'three': Resilience 'retry' is not a registered pipeline. "
            + "Call services.AddResiliencePipeline(\"retry\", …).",
        ],
        Problems(
            services =>
            {
                services.AddRecurringTask("sound", Nothing).Every(Second);
                services.AddRecurringTask("one", Nothing).Every(Second).WithDelay(Second).WithTimeout(TimeSpan.Zero);
                services.AddRecurringTask("two");
                services.AddRecurringTask("three", Nothing).Every(Second).WithResilience("retry");
            },
            new Dictionary<string, string?> { ["RecurringTasks:two:Evry"] = "00:00:01" }));

    [Fact]
    public void A_time_limit_longer_than_the_period_is_only_doubtful()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Nothing).Every(Second)
            .WithTimeout(Second * 2));

        var warning = Assert.Single(host.Logs.Lines, line => line.Id == 41);
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Warning, warning.Level);
        Assert.Equal("Recurring task 'task': Timeout (00:00:02) is longer than Every (00:00:01), "
            + "so slow iterations make later slots overlap. Raise Every or lower Timeout.", warning.Text);
        Assert.Single(host.Records());
    }

    [Fact]
    public void A_time_limit_longer_than_the_period_is_doubtful_for_keys_too()
    {
        using var poll = new PollHost(task => task.Every(Second).WithTimeout(Second * 2));

        Assert.StartsWith("Recurring task 'poll': Timeout (00:00:02) is longer than Every (00:00:01)",
            Assert.Single(poll.Host.Logs.Lines, line => line.Id == 41).Text, StringComparison.Ordinal);
    }
}
