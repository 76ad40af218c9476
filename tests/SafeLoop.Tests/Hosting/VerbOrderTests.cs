using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SafeLoop.Tests.Hosting;

/// <summary>Verbs are <c>Configure</c> calls: among others of them, they act in the order in which they are written.</summary>
public class VerbOrderTests
{
    private static readonly TimeSpan One = TimeSpan.FromSeconds(1), Two = One * 2, Three = One * 3;

    [Fact]
    public void What_is_configured_for_all_before_a_verb_is_a_default_and_after_it_an_order()
    {
        using var host = LoopHost.Run(services =>
        {
            services.ConfigureAll<RecurringTaskOptions>(options => options.Timeout = One);
            services.AddRecurringTask("early", Nothing).Every(One).WithTimeout(Two);
            services.ConfigureAll<RecurringTaskOptions>(options => options.Timeout = Three);
            services.AddRecurringTask("late", Nothing).Every(One).WithTimeout(Two);
        });

        Assert.Equal(Three, host["early"].Options.Timeout);
        Assert.Equal(Two, host["late"].Options.Timeout);
    }

    [Fact]
    public void A_builder_that_was_kept_has_the_last_word_when_its_verb_is_called_last()
    {
        using var host = LoopHost.Run(services =>
        {
            var task = services.AddRecurringTask("kept", Nothing).Every(One).WithTimeout(One);
            services.Configure<RecurringTaskOptions>("kept", options => options.Timeout = Two);
            task.WithTimeout(Three);
        });

        Assert.Equal(Three, host["kept"].Options.Timeout);
    }

    [Fact]
    public void A_task_added_at_run_time_keeps_the_order_of_its_verbs_and_of_what_they_configure_elsewhere()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTasks());

        var task = host.Tasks.Add("late", task =>
        {
            task.Step("work", Nothing).Every(One).WithTimeout(One);
            task.Services.Configure<RecurringTaskOptions>("late", options => options.Timeout += One);
            task.Configure(options => options.Timeout *= 2);
        });

        Assert.Equal(One * 4, task.Options.Timeout);
    }

    [Fact]
    public void A_verb_acts_though_all_that_configured_the_options_was_removed_before_it()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("before", Nothing).Every(One);
            services.RemoveAll<IConfigureOptions<RecurringTaskOptions>>();
            services.AddRecurringTask("after", Nothing).Every(Two);
            services.Configure<RecurringTaskOptions>("before", options => options.Every = Three);
        });

        Assert.Equal((Three, Two), (host["before"].Options.Every, host["after"].Options.Every));
    }

    [Fact]
    public void A_verb_of_one_task_does_not_reach_another_of_a_similar_name()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("task", Nothing).Every(One).WithTimeout(One);
            services.AddRecurringTask("task2", Nothing).Every(Two);
        });

        Assert.Equal((One, null), (host["task"].Options.Timeout, host["task2"].Options.Timeout));
    }

    [Fact]
    public void Options_requested_by_name_are_those_of_the_verbs()
    {
        var services = new ServiceCollection();
        services.AddRecurringTask("task", Nothing).Every(One);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<RecurringTaskOptions>>();
        Assert.Equal((One, null, null), (options.Get("task").Every, options.Get("other").Every, options.CurrentValue.Every));
    }

    [Fact]
    public void A_thousand_tasks_are_as_many_services_as_one()
    {
        var services = new ServiceCollection();
        services.AddRecurringTask("task", Nothing).Every(One).WithTimeout(One);
        var withOne = services.Count;

        for (var task = 0; task < 1_000; task++)
            services.AddRecurringTask($"task{task}", Nothing).Every(One).WithTimeout(One);

        Assert.Equal(withOne, services.Count);
    }

    [Fact]
    public void A_copied_collection_has_the_tasks_of_then_and_goes_its_own_way()
    {
        var services = new ServiceCollection();
        services.AddRecurringTask("common", Nothing).Every(One);
        IServiceCollection copy = new ServiceCollection();
        foreach (var service in services)
            copy.Add(service);
        services.AddRecurringTask("original", Nothing).Every(One);
        copy.AddRecurringTask("copy", Nothing).Every(Two);

        Assert.Equal(["common", "original"], TasksOf(services));
        Assert.Equal(["common", "copy"], TasksOf(copy));
    }

    [Fact]
    public void After_the_host_is_built_a_registration_is_refused_instead_of_forgotten()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        var task = builder.Services.AddRecurringTask("task", Nothing).Every(One);
        using var host = builder.Build();

        Assert.Throws<InvalidOperationException>(() => builder.Services.AddRecurringTask("late", Nothing));
        Assert.Throws<InvalidOperationException>(() => task.Step("another", Nothing));
        Assert.Throws<InvalidOperationException>(() => task.Named("another"));
        var error = Assert.Throws<InvalidOperationException>(() => task.WithTimeout(One));
        Assert.Equal("Recurring task 'task' can no longer be registered or changed: the host is built. "
            + "Change its options in the configuration, or add tasks with IRecurringTasks.Add.", error.Message);
    }

    [Fact]
    public void What_is_said_of_a_task_after_its_collection_was_copied_or_used_is_said_of_the_collection_alone()
    {
        var services = new ServiceCollection();
        var task = services.AddRecurringTask("task", Nothing).Every(One);
        IServiceCollection copy = new ServiceCollection();
        foreach (var service in services)
            copy.Add(service);
        using var used = services.BuildServiceProvider();
        Assert.Equal(One, used.GetRequiredService<IOptionsMonitor<RecurringTaskOptions>>().Get("task").Every);
        task.WithTimeout(Two).Named("other").Step("another", Nothing);

        Assert.Equal(["task"], TasksOf(copy));
        Assert.Equal(["other"], TasksOf(services));
        Assert.Null(used.GetRequiredService<IOptionsFactory<RecurringTaskOptions>>().Create("task").Timeout);
        using var provider = services.BuildServiceProvider();
        Assert.Equal((One, Two), (provider.GetRequiredService<IOptionsMonitor<RecurringTaskOptions>>().Get("other").Every,
            provider.GetRequiredService<IOptionsMonitor<RecurringTaskOptions>>().Get("other").Timeout));
    }

    [Fact]
    public void Collections_that_are_joined_run_the_tasks_of_both_and_can_be_added_to()
    {
        var one = new ServiceCollection();
        var kept = one.AddRecurringTask("one", Nothing).Every(One);
        var other = new ServiceCollection();
        other.AddRecurringTask("other", Nothing).Every(One);
        foreach (var service in other)
            ((IServiceCollection)one).Add(service);
        one.AddRecurringTask("late", Nothing).Every(One);
        kept.WithTimeout(Two);

        Assert.Equal(["late", "one", "other"], TasksOf(one).Order());
        using var provider = one.BuildServiceProvider();
        Assert.Equal(Two, provider.GetRequiredService<IOptionsMonitor<RecurringTaskOptions>>().Get("one").Timeout);
    }

    private static string[] TasksOf(IServiceCollection services)
    {
        using var provider = services.BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
            _ = service.StartingAsync(default); // checks and defines all tasks, which needs their schedules
        return [.. provider.GetRequiredService<IRecurringTasks>().All.Select(task => task.Name)];
    }

    private static ValueTask Nothing(Iteration iteration, CancellationToken cancellationToken) => default;
}
