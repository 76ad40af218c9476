using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

/// <summary>Verbs need only the name and the services of a builder, so that anyone can implement one.</summary>
public class ForeignBuilderTests
{
    [Fact]
    public void Every_kind_of_verb_reaches_the_task_of_its_name()
    {
        var runs = new List<string>();
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("task");
            new Foreign("task", services)
                .Step("one", (_, _) => Note("one"))
                .Step<TimeProvider>("two", (_, _, _) => Note("two"))
                .Every(Second).WithTimeout(Second * 5).WithLock("lock").BackOff(Second).AsSingleton()
                .While(() => runs.Count < 4).OnFailure(_ => { }).Configure(options => options.HistoryLength = 7);
        });
        host.Advance(Second * 3);

        var options = host["task"].Options;
        Assert.Equal(["one", "two", "one", "two"], runs);
        Assert.Equal((Second, Second * 5, "lock", 7), (options.Every, options.Timeout, options.Lock.Name, options.HistoryLength));

        ValueTask Note(string step)
        {
            runs.Add(step);
            return default;
        }
    }

    [Fact]
    public void A_verb_returns_the_builder_it_was_given()
    {
        var services = new ServiceCollection();
        services.AddRecurringTask("task", Nothing);
        var builder = new Foreign("task", services);

        Assert.Same(builder, builder.Every(Second).WithJitter(Second).Named("other"));
    }

    [Fact]
    public void Both_builders_of_a_task_see_what_the_other_has_done()
    {
        using var host = LoopHost.Run(services =>
        {
            var own = services.AddRecurringTask("task");
            var foreign = new Foreign("task", services);
            own.Step("one", Nothing);
            foreign.Step("two", Nothing).Every(Second);
            own.Step("three", Nothing).WithTimeout(Second);
            foreign.StopAfter(7);
        });

        Assert.Equal((Second, Second, 7L),
            (host["task"].Options.Every, host["task"].Options.Timeout, host["task"].Options.StopAfter));
    }

    [Fact]
    public void A_keyed_task_too()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask<Visit, string>("visit");
            new Foreign<string>("visit", services).Every(key => Second).Concurrency(3)
                .KeysFrom((_, _) => new[] { "a" }.ToAsyncEnumerable(), Second);
        });

        Assert.Equal(3, host["visit"].Options.Concurrency);
        Assert.NotNull(host.Tasks.Find("visit.keys"));
    }

    [Fact]
    public void A_task_that_was_renamed_is_reached_by_its_old_name()
    {
        using var host = LoopHost.Run(services =>
        {
            var task = services.AddRecurringTask("old", Nothing);
            var foreign = new Foreign("old", services);
            task.Named("between").Named("new");
            foreign.Every(Second).WithTimeout(Second);
            new Foreign("between", services).StopAfter(7);
        });

        Assert.Equal((Second, Second, 7L),
            (host["new"].Options.Every, host["new"].Options.Timeout, host["new"].Options.StopAfter));
        Assert.Null(host.Tasks.Find("old"));
    }

    [Fact]
    public void A_foreign_builder_can_rename_the_task_and_goes_on_with_it()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("old", Nothing);
            new Foreign("old", services).Every(Second).Named("new").WithTimeout(Second);
        });

        Assert.Equal((Second, Second), (host["new"].Options.Every, host["new"].Options.Timeout));
    }

    [Fact]
    public void A_verb_of_a_package_that_configures_the_options_by_name_goes_along_when_the_task_is_renamed()
    {
        using var host = LoopHost.Run(services =>
        {
            services.ConfigureAll<RecurringTaskOptions>(options => options.HistoryLength += 1);
            services.AddRecurringTask("old", Nothing).Every(Second).WithPackageTimeout(Second).Named("new");
            services.AddOptions<RecurringTaskOptions>("old").Configure<TimeProvider>((options, _) => options.StopAfter = 7);
        });

        var options = host["new"].Options;
        Assert.Equal((Second, 7L, 65), (options.Timeout, options.StopAfter, options.HistoryLength));
    }

    [Fact]
    public void At_run_time_too()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTasks());
        var task = host.Tasks.Add("old", task =>
            new Foreign(task.Name, task.Services).WithPackageTimeout(Second).Step("step", Nothing).Named("new").Every(Second));

        Assert.Equal(("new", Second, Second), (task.Name, task.Options.Timeout, task.Options.Every));
    }

    [Fact]
    public void An_old_name_that_another_task_has_is_the_other_tasks()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("name", Nothing).Every(Second).Named("renamed");
            services.AddRecurringTask("name", Nothing).Every(Second);
            new Foreign("name", services).WithTimeout(Second);
            services.Configure<RecurringTaskOptions>("name", options => options.StopAfter = 7);
        });

        Assert.Equal((null, null), (host["renamed"].Options.Timeout, host["renamed"].Options.StopAfter));
        Assert.Equal((Second, 7L), (host["name"].Options.Timeout, host["name"].Options.StopAfter));
    }

    [Fact]
    public void A_name_that_is_not_registered_is_refused()
    {
        var services = new ServiceCollection();
        services.AddRecurringTask("task", Nothing);

        var error = Assert.Throws<ArgumentException>(() => new Foreign("tusk", services).Every(Second));
        Assert.StartsWith("Recurring task 'tusk' is not registered in these services. Call AddRecurringTask first.",
            error.Message);
    }

    private class Foreign(string name, IServiceCollection services) : IRecurringTaskBuilder
    {
        public string Name => name;

        public IServiceCollection Services => services;
    }

    private sealed class Foreign<TKey>(string name, IServiceCollection services)
        : Foreign(name, services), IRecurringTaskBuilder<TKey>
        where TKey : notnull;

    private sealed class Visit : IRecurringTask<string>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) => default;
    }
}
