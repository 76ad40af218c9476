using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

/// <summary>Services as parameters of a step, in the forms that users write. That it compiles is half of the test.</summary>
public class ServiceParameterTests
{
    [Fact]
    public void A_task_takes_one_to_five_services()
    {
        using var host = Run(services =>
        {
            Add("1", (One one, CancellationToken ct) => one.RunAsync(ct));
            services.AddRecurringTask("2", (One one, Two two, CancellationToken ct) => two.RunAsync(ct)).Every(Second);
            services.AddRecurringTask("3", (One one, Two two, Three three, CancellationToken ct) => one.RunAsync(ct))
                .Every(Second);
            services.AddRecurringTask("4", (One one, Two two, Three three, Four four, CancellationToken ct) => two.RunAsync(ct))
                .Every(Second);
            services.AddRecurringTask("5", (One a, Two b, Three c, Four d, Five e, CancellationToken ct) => e.RunAsync(ct))
                .Every(Second);
            services.AddRecurringTask("1i", (One one, Iteration turn, CancellationToken ct) => one.RunAsync(ct)).Every(Second);
            services.AddRecurringTask("2i", (One one, Two two, Iteration turn, CancellationToken ct) => two.RunAsync(ct))
                .Every(Second);
            services.AddRecurringTask("3i", (One one, Two two, Three c, Iteration turn, CancellationToken ct) => one.RunAsync(ct))
                .Every(Second);
            services.AddRecurringTask(
                "4i", (One a, Two b, Three c, Four d, Iteration turn, CancellationToken ct) => b.RunAsync(ct)).Every(Second);
            services.AddRecurringTask("5i", (One a, Two b, Three c, Four d, Five e, Iteration turn, CancellationToken ct) =>
                e.RunAsync(ct)).Every(Second);

            // A delegate works too.
            void Add(string name, Func<One, CancellationToken, Task> step) => services.AddRecurringTask(name, step).Every(Second);
        });

        Assert.Equal(["1", "1i", "2", "2i", "3", "3i", "4", "4i", "5", "5i"], Succeeded(host));
    }

    [Fact]
    public void A_step_takes_one_to_five_services()
    {
        using var host = Run(services => services.AddRecurringTask("task").Every(Second)
            .Step("0", (CancellationToken ct) => Task.CompletedTask)
            .Step("1", (One one, CancellationToken ct) => one.RunAsync(ct))
            .Step("2", (One one, Two two, CancellationToken ct) => two.RunAsync(ct))
            .Step("3", (One one, Two two, Three three, CancellationToken ct) => one.RunAsync(ct))
            .Step("4", (One one, Two two, Three three, Four four, CancellationToken ct) => two.RunAsync(ct))
            .Step("5", (One a, Two b, Three c, Four d, Five e, CancellationToken ct) => e.RunAsync(ct))
            .Step("1i", (One one, Iteration turn, CancellationToken ct) => one.RunAsync(ct))
            .Step("2i", (One one, Two two, Iteration turn, CancellationToken ct) => two.RunAsync(ct))
            .Step("3i", (One one, Two two, Three three, Iteration turn, CancellationToken ct) => one.RunAsync(ct))
            .Step("4i", (One a, Two b, Three c, Four d, Iteration turn, CancellationToken ct) => b.RunAsync(ct))
            .Step("5i", (One a, Two b, Three c, Four d, Five e, Iteration turn, CancellationToken ct) => e.RunAsync(ct))
            .Step<One, Two, Three>("untyped", (one, two, three, ct) => one.RunAsync(ct))
            .Step<One, Two, Three, Four, Five>("untyped with the iteration", (a, b, c, d, e, turn, ct) => e.RunAsync(ct)));

        Assert.Equal(["task"], Succeeded(host));
        Assert.Equal(3 + 2, host.Services.GetRequiredService<Counts>().Of("one"));
        Assert.Equal(
            (2 + 2, 2 + 1),
            (host.Services.GetRequiredService<Counts>().Of("two"), host.Services.GetRequiredService<Counts>().Of("five")));
    }

    [Fact]
    public void A_step_is_written_in_any_form()
    {
        using var host = Run(services =>
        {
            services.AddRecurringTask("task", (One one, CancellationToken ct) => one.RunAsync(ct)).Every(Second);
            services.AddRecurringTask("value task", (Two two, CancellationToken ct) => two.RunAsync(ct)).Every(Second);
            services.AddRecurringTask("task of something", (One one, CancellationToken ct) => one.CountAsync(ct)).Every(Second);
            services.AddRecurringTask("async", async (One one, CancellationToken ct) => await one.RunAsync(ct)).Every(Second);
            services.AddRecurringTask("async with the iteration",
                async (One one, Iteration turn, CancellationToken ct) => await one.RunAsync(ct)).Every(Second);
            services.AddRecurringTask("static async", static async (One one, CancellationToken ct) =>
            {
                await Task.CompletedTask;
                await one.RunAsync(ct);
            }).Every(Second);
            services.AddRecurringTask("block", (One one, CancellationToken _) => { one.Note(); return Task.CompletedTask; })
                .Every(Second);
            services.AddRecurringTask("completed", (One one, CancellationToken ct) => ValueTask.CompletedTask).Every(Second);
            services.AddRecurringTask<One>("untyped", (one, ct) => one.RunAsync(ct)).Every(Second);
            services.AddRecurringTask<One>("untyped async", async (one, turn, ct) => await one.RunAsync(ct)).Every(Second);
            services.AddRecurringTask<One>("group", RunAsync).Every(Second);
            services.AddRecurringTask<One>("group with the iteration", RunTurnAsync).Every(Second);
            services.AddRecurringTask<One, Two>("group of value task", RunBothAsync).Every(Second);
            services.AddRecurringTask<IOne>("by its interface", (one, ct) => one.RunAsync(ct)).Every(Second);
            services.AddRecurringTask("provider", (IServiceProvider all, CancellationToken ct) => all.GetRequiredService<One>()
                .RunAsync(ct)).Every(Second);
            services.AddRecurringTask("token only", ct => RunAloneAsync(ct)).Every(Second);
            services.AddRecurringTask("token only async", async ct => await RunAloneAsync(ct)).Every(Second);
            services.AddRecurringTask("token only group", RunAloneAsync).Every(Second);
        });

        Assert.Equal(18, Succeeded(host).Count);
    }

    [Fact]
    public void What_throws_at_once_or_returns_no_task_is_a_failure()
    {
        using var host = Run(services =>
        {
            services.AddRecurringTask("throws", (One one, CancellationToken ct) => throw new FormatException("on purpose"))
                .Every(Second);
            services.AddRecurringTask("throws in a turn",
                (One one, Iteration turn, CancellationToken ct) => throw new FormatException("on purpose")).Every(Second);
            services.AddRecurringTask("throws alone", ct => throw new FormatException("on purpose")).Every(Second);
            services.AddRecurringTask<One>("null", (_, _) => (Task)null!).Every(Second);
        });

        Assert.Equal(
            [.. Enumerable.Repeat("FormatException: on purpose", 3),
                "InvalidOperationException: Step 'null' returned null instead of a task."],
            host.Records().Select(record => record.Error));
    }

    [Fact]
    public void Services_come_from_the_scope_of_the_iteration_and_of_a_singleton_task_once_from_the_application()
    {
        using var host = Run(services =>
        {
            services.AddScoped<Scoped>();
            services.AddTransient<Fresh>();
            services.AddRecurringTask("scope")
                .Step("first", (Scoped scoped, Counts counts, CancellationToken _) =>
                {
                    counts.Keep("scoped", scoped);
                    return Task.CompletedTask;
                })
                .Step("second", (Scoped scoped, Counts counts, CancellationToken _) =>
                {
                    counts.Keep("scoped", scoped);
                    return Task.CompletedTask;
                })
                .Every(Second);
            services.AddRecurringTask(
                "single",
                (Fresh fresh, Counts counts, CancellationToken _) => { counts.Keep("fresh", fresh); return Task.CompletedTask; })
                .Every(Second).AsSingleton();
        });
        host.Advance(Second * 2);

        var counts = host.Services.GetRequiredService<Counts>();
        Assert.Equal((3, 1), (counts.DistinctOf("scoped"), counts.DistinctOf("fresh")));
        Assert.Equal(2 * 3, counts.Kept("scoped").Count);
    }

    [Fact]
    public void What_is_no_service_is_a_problem_with_a_sentence() => Assert.Equal(
        [
            "Recurring task 'first': step 'first' takes Iteration as a service, which it is not. "
            + "Put it after the services: (service, iteration, cancellationToken) => ….",
            "Recurring task 'two tokens': step 'two tokens' takes CancellationToken as a service, which it is not. "
            + "Let it take one CancellationToken, as its last parameter.",
            "Recurring task 'missing': step 'missing' needs One, which is not registered. "
            + "Call services.AddSingleton<One>(), AddScoped or AddTransient.",
            "Recurring task 'missing': step 'missing' needs Five, which is not registered. "
            + "Call services.AddSingleton<Five>(), AddScoped or AddTransient.",
        ],
        Problems(services =>
        {
            services.AddRecurringTask("first", (Iteration turn, Version version, CancellationToken ct) => Task.CompletedTask)
                .Every(Second);
            services.AddRecurringTask("two tokens", (CancellationToken one, CancellationToken ct) => Task.CompletedTask)
                .Every(Second);
            services.AddRecurringTask("missing", (One a, Version b, Five c, CancellationToken ct) => Task.CompletedTask)
                .Every(Second);
            services.AddSingleton(new Version());
        }));

    [Fact]
    public void A_task_added_at_run_time_takes_services_too()
    {
        using var host = Run(_ => { });
        host.Tasks.Add(
            "added", task => task.Step("run", (One one, Two two, CancellationToken ct) => one.RunAsync(ct)).Every(Second));
        host.Settle();

        Assert.Equal(["added"], Succeeded(host));
    }

    [Fact]
    public void No_step_is_refused_where_it_is_written()
    {
        var builder = new ServiceCollection().AddRecurringTask("task");

        Assert.Throws<ArgumentNullException>("step", () => builder.Step("x", (Func<One, CancellationToken, Task>)null!));
        Assert.Throws<ArgumentNullException>(
            "step", () => builder.Step("x", (Func<One, Two, Three, Four, Five, Iteration, CancellationToken, ValueTask>)null!));
        Assert.Throws<ArgumentNullException>("step", () => builder.Step("x", (Func<CancellationToken, Task>)null!));
    }

    private static IReadOnlyList<string> Succeeded(LoopHost host) =>
        [.. host.Observer.Of(LoopEventKind.IterationEnded).Where(e => e.Record.Outcome is IterationOutcome.Succeeded)
            .Select(e => e.TaskName).Order()];

    private static LoopHost Run(Action<IServiceCollection> configure) => LoopHost.Run(services =>
    {
        services.AddSingleton<Counts>().AddSingleton<One>().AddSingleton<Two>().AddSingleton<Three>().AddSingleton<Four>()
            .AddSingleton<Five>();
        services.AddSingleton<IOne>(provider => provider.GetRequiredService<One>());
        configure(services);
    });

    private static Task RunAsync(One one, CancellationToken cancellationToken) => one.RunAsync(cancellationToken);

    private static Task RunTurnAsync(One one, Iteration iteration, CancellationToken cancellationToken) =>
        one.RunAsync(cancellationToken);

    private static ValueTask RunBothAsync(One one, Two two, CancellationToken cancellationToken) =>
        two.RunAsync(cancellationToken);

    private static Task RunAloneAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private interface IOne
    {
        Task RunAsync(CancellationToken cancellationToken);
    }

    private sealed class Counts
    {
        private readonly List<(string Name, object Service)> _kept = [];

        public void Keep(string name, object service) => _kept.Add((name, service));

        public IReadOnlyList<object> Kept(string name) =>
            [.. _kept.Where(kept => kept.Name == name).Select(kept => kept.Service)];

        public int Of(string name) => Kept(name).Count;

        public int DistinctOf(string name) => Kept(name).Distinct().Count();
    }

    private sealed class One(Counts counts) : IOne
    {
        public void Note() => counts.Keep("one", this);

        public Task RunAsync(CancellationToken cancellationToken)
        {
            Note();
            return Task.CompletedTask;
        }

        public Task<int> CountAsync(CancellationToken cancellationToken)
        {
            Note();
            return Task.FromResult(1);
        }
    }

    private sealed class Two(Counts counts)
    {
        public ValueTask RunAsync(CancellationToken cancellationToken)
        {
            counts.Keep("two", this);
            return default;
        }
    }

    private sealed class Three;

    private sealed class Four;

    private sealed class Five(Counts counts)
    {
        public ValueTask RunAsync(CancellationToken cancellationToken)
        {
            counts.Keep("five", this);
            return default;
        }
    }

    private sealed class Scoped;

    private sealed class Fresh;
}
