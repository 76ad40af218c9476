using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SafeLoop.Tests.Keys;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

/// <summary>What code for options throws or refuses is a problem of one task, reported with the problems of all others.</summary>
public class OptionsFailureTests
{
    private const string Refused = "Recurring task 'task': its options failed validation: house rule.";
    private const string BadCron = "Recurring task 'other': Cron expression 'nonsense' ";

    [Fact]
    public void A_validator_that_refuses_a_task_hides_no_other_problem()
    {
        var problems = Problems(services =>
        {
            services.AddSingleton<IValidateOptions<RecurringTaskOptions>, HouseRule>();
            services.AddRecurringTask("task", Nothing).Every(Second).WithTimeout(TimeSpan.Zero);
            services.AddRecurringTask("other", Nothing).Cron("nonsense");
        });

        Assert.Equal(Refused, problems[0]);
        Assert.StartsWith("Recurring task 'task': Timeout ", problems[1], StringComparison.Ordinal);
        Assert.StartsWith(BadCron, problems[2], StringComparison.Ordinal);
        Assert.Equal(3, problems.Count);
    }

    [Fact]
    public void Each_failure_of_each_validator_is_a_problem() => Assert.Equal(
        [
            "Recurring task 'task': its options failed validation: one.",
            "Recurring task 'task': its options failed validation: two.",
            "Recurring task 'task': validation of its options threw FormatException: three.",
        ],
        Problems(services =>
        {
            services.AddRecurringTask("task", Nothing).Every(Second);
            services.AddOptions<RecurringTaskOptions>("task").Validate(_ => false, "one").Validate(_ => false, "two.")
                .Validate(_ => throw new FormatException("three"));
            services.AddOptions<RecurringTaskOptions>("unknown").Validate(_ => false, "four");
        }));

    public static TheoryData<string> Ways => ["verb", "configure", "all", "post"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Code_that_throws_for_a_task_hides_no_other_problem(string way)
    {
        static void Throw(RecurringTaskOptions options) => throw new FormatException("on\npurpose.");
        var problems = Problems(services =>
        {
            var task = services.AddRecurringTask("task", Nothing).Every(Second);
            services.AddRecurringTask("other", Nothing).Cron("nonsense");
            _ = way switch
            {
                "verb" => task.Configure(Throw).Services,
                "configure" => services.Configure<RecurringTaskOptions>("task", Throw),
                "all" => services.AddSingleton<IConfigureOptions<RecurringTaskOptions>, ThrowingSetup>(),
                _ => services.PostConfigure<RecurringTaskOptions>("task", Throw),
            };
        });

        Assert.Equal(@"Recurring task 'task': its configuration threw FormatException: on\npurpose.", problems[0]);
        Assert.StartsWith(BadCron, problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_throws_hides_no_other_problem() => Assert.Equal(
        [
            "Recurring task 'task': its configuration threw Unspeakable: its message cannot be read (InvalidOperationException).",
            "Recurring task 'third': WithResilience could not build its pipeline: "
            + "its message cannot be read (InvalidOperationException).",
        ],
        Problems(services =>
        {
            services.AddRecurringTask("task", Nothing).Every(Second).Configure(_ => throw new Unspeakable());
            services.AddRecurringTask("third", Nothing).Every(Second).WithResilience(_ => throw new Unspeakable());
        }));

    [Fact]
    public void A_keyed_task_is_no_exception() => Assert.Equal(
        ["Recurring task 'poll': its configuration threw FormatException: on purpose.", Refused],
        Problems(services =>
        {
            services.AddSingleton<IValidateOptions<RecurringTaskOptions>, HouseRule>().AddSingleton(new Poll.Script());
            services.AddRecurringTask<Poll, string>().Every(Second).Configure(_ => throw new FormatException("on purpose"));
            services.AddRecurringTask<Poll, string>("task").Every(Second);
        }));

    [Fact]
    public void A_task_added_at_run_time_obeys_them_too()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddSingleton<IValidateOptions<RecurringTaskOptions>, HouseRule>().AddRecurringTasks();
            services.Configure<RecurringTaskOptions>("thrown", _ => throw new FormatException("on purpose"));
        });

        Assert.Equal([Refused], ProblemsOfAdding(host, "task"));
        Assert.Equal(
            ["Recurring task 'thrown': its configuration threw FormatException: on purpose."], ProblemsOfAdding(host, "thrown"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_change_and_a_reload_obey_them_too(bool throws)
    {
        var isStrict = false;
        bool IsValid(RecurringTaskOptions options) =>
            !isStrict || options.Every < Second * 5 || (throws ? throw new FormatException("on purpose") : false);
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("task", Nothing).Every(Second);
            services.AddOptions<RecurringTaskOptions>("task").Validate(IsValid, "house rule");
        });
        isStrict = true;
        var sentence = throws ? "Recurring task 'task': validation of its options threw FormatException: on purpose." : Refused;

        var error = Assert.Throws<InvalidRecurringTaskException>(
            () => { _ = host["task"].ChangeAsync(options => options.Every = Second * 6); });
        Assert.Equal([sentence], error.Problems);
        host.Configuration["RecurringTasks:task:Every"] = "00:00:07";
        host.Configuration.Reload();
        host.Settle();

        Assert.Equal((sentence, Second), (host["task"].Snapshot().RejectedChange, host["task"].Options.Every));
    }

    private static IReadOnlyList<string> ProblemsOfAdding(LoopHost host, string name) =>
        Assert.Throws<InvalidRecurringTaskException>(
            () => host.Tasks.Add(name, task => task.Step("step", Nothing).Every(Second))).Problems;

    private sealed class HouseRule : IValidateOptions<RecurringTaskOptions>
    {
        public ValidateOptionsResult Validate(string? name, RecurringTaskOptions options) =>
            name == "task" ? ValidateOptionsResult.Fail("house rule") : ValidateOptionsResult.Skip;
    }

    private sealed class ThrowingSetup : IConfigureNamedOptions<RecurringTaskOptions>
    {
        public void Configure(RecurringTaskOptions options) => Configure("", options);

        public void Configure(string? name, RecurringTaskOptions options)
        {
            if (name == "task")
                throw new FormatException("on\npurpose.");
        }
    }

    private sealed class Unspeakable : Exception
    {
        public override string Message => throw new InvalidOperationException();
    }
}
