using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static SafeLoop.Tests.Hosting.GraphServices;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

/// <summary>A singleton task shares no scoped service, in Production too, where the container would not report it.</summary>
public class SingletonDependencyTests
{
    private const string Shared = "which is scoped, but the task is a singleton: all iterations would share one instance. "
        + "Remove AsSingleton, or create a scope in the step.";

    public static TheoryData<string, Action<IServiceCollection>, string> Singletons => new()
    {
        {
            "class",
            services => services.AddScoped<Db>().AddRecurringTask<Reader>("task").Every(Second).AsSingleton(),
            $"step 'reader' needs Db, {Shared}"
        },
        {
            "step",
            services => services.AddScoped<Db>().AddRecurringTask("task").Step<Db>("read", Read).Every(Second)
                .AsSingleton(),
            $"step 'read' needs Db, {Shared}"
        },
        {
            "depth",
            services => services.AddScoped<Db>().AddTransient<Outer>().AddTransient<Outermost>()
                .AddRecurringTask("task").Step<Outermost>("read", Read).Every(Second).AsSingleton(),
            $"step 'read' needs Db (for Outermost → Outer), {Shared}"
        },
        {
            "behind a singleton",
            services => services.AddScoped<Db>().AddSingleton<Outer>().AddRecurringTask("task")
                .Step<Outer>("read", Read).Every(Second).AsSingleton(),
            $"step 'read' needs Db (for Outer), {Shared}"
        },
        {
            "scoped class",
            services => services.AddScoped<Idle>().AddRecurringTask<Idle>("task").Every(Second).AsSingleton(),
            $"step 'idle' needs Idle, {Shared}"
        },
        {
            "factory",
            services => services.AddScoped(_ => new Db()).AddRecurringTask<Reader>("task").Every(Second).AsSingleton(),
            $"step 'reader' needs Db, {Shared}"
        },
        {
            "enumerable",
            services => services.AddSingleton<IPart, Part>().AddScoped<IPart, Db>().AddTransient<Parts>()
                .AddRecurringTask("task").Step<Parts>("read", Read).Every(Second).AsSingleton(),
            $"step 'read' needs IPart (for Parts), {Shared}"
        },
        {
            "keyed",
            services => services.AddKeyedScoped<Db>("one").AddTransient<KeyedOuter>().AddRecurringTask("task")
                .Step<KeyedOuter>("read", Read).Every(Second).AsSingleton(),
            $"step 'read' needs Db with the key 'one' (for KeyedOuter), {Shared}"
        },
        {
            "open generic",
            services => services.AddScoped<Db>().AddTransient(typeof(IStore<>), typeof(Store<>))
                .AddRecurringTask("task").Step<IStore<Version>>("read", Read).Every(Second).AsSingleton(),
            $"step 'read' needs Db (for IStore<Version>), {Shared}"
        },
        {
            "framework",
            services => services.AddOptions().AddRecurringTask("task").Step<IOptionsSnapshot<Version>>("read", Read)
                .Every(Second).AsSingleton(),
            $"step 'read' needs IOptionsSnapshot<Version>, {Shared}"
        },
        {
            "option",
            services => services.AddScoped<Db>().AddRecurringTask<Reader>("task").Every(Second)
                .Configure(options => options.Singleton = true),
            $"step 'reader' needs Db, {Shared}"
        },
        {
            "keys",
            services => services.AddScoped<Db>().AddRecurringTask<KeyedReader, int>("task").Every(Second)
                .AsSingleton(),
            $"step 'keyedReader' needs Db, {Shared}"
        },
    };

    [Theory]
    [MemberData(nameof(Singletons))]
    public void A_singleton_task_shares_no_scoped_service(string what, Action<IServiceCollection> configure, string sentence)
    {
        _ = what; // names the case
        Assert.Equal([$"Recurring task 'task': {sentence}"], Problems(configure));
    }

    [Fact]
    public void A_singleton_that_keeps_a_scoped_service_is_a_problem_where_the_container_refuses_it()
    {
        static ServiceProvider Build(bool validateScopes)
        {
            var services = new ServiceCollection();
            services.AddScoped<Db>().AddSingleton<Outer>().AddRecurringTask("task").Step<Outer>("read", Read).Every(Second);
            return services.BuildServiceProvider(validateScopes);
        }

        using var strict = Build(true);
        var error = Assert.Throws<InvalidRecurringTaskException>(() => Start(strict));
        Assert.Equal(
            "Recurring task 'task': step 'read' needs Outer, a singleton that needs Db, which is scoped: "
            + "this host's container refuses that. Register one of the two differently, or inject IServiceScopeFactory.",
            Assert.Single(error.Problems));

        using var lax = Build(false);
        Start(lax);
        Assert.Equal("task", lax.GetRequiredService<IRecurringTasks>().All.Single().Name);
    }

    [Fact]
    public void A_task_cannot_be_made_a_singleton_later_either()
    {
        using var host = LoopHost.Run(services => services.AddScoped<Db>().AddRecurringTask<Reader>("task").Every(Second));
        var error = Assert.Throws<InvalidRecurringTaskException>(
            () => { _ = host["task"].ChangeAsync(options => options.Singleton = true); });

        Assert.Contains(Shared, error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidRecurringTaskException>(
            () => host.Tasks.Add("added", task => task.Step<Db>("read", Read).Every(Second).AsSingleton()));
    }

    private static void Start(ServiceProvider services) =>
        _ = services.GetServices<IHostedService>().Single().StartAsync(default);
}
