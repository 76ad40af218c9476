using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static SafeLoop.Tests.Hosting.GraphServices;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

/// <summary>Dependencies that the container builds, or about which nothing is known, are not a problem.</summary>
public class BuildableDependencyTests
{
    public static TheoryData<string, Action<IServiceCollection>, bool> Fine => new()
    {
        {
            "a scope per iteration",
            services => services.AddScoped<Db>().AddTransient<Outer>().AddRecurringTask("task")
                .Step<Outer>("read", Read),
            false
        },
        {
            "a scope factory",
            services => services.AddScoped<Db>().AddTransient<MakesScopes>().AddRecurringTask("task")
                .Step<MakesScopes>("read", Read),
            true
        },
        {
            "a factory",
            services => services.AddTransient(_ => new Outer(new Db())).AddRecurringTask("task")
                .Step<Outer>("read", Read),
            true
        },
        {
            "an instance",
            services => services.AddSingleton(new Outer(new Db())).AddRecurringTask("task").Step<Outer>("read", Read),
            true
        },
        {
            "the last registration",
            services => services.AddScoped<Db>().AddSingleton<Db>().AddTransient<Outer>().AddRecurringTask("task")
                .Step<Outer>("read", Read),
            true
        },
        {
            "an empty enumerable",
            services => services.AddTransient<Parts>().AddTransient<IPart, Part>().AddRecurringTask("task")
                .Step<Parts>("read", Read),
            true
        },
        {
            "an enumerable that is registered",
            services => services.AddScoped<IPart, Part>().AddSingleton<IEnumerable<IPart>>(_ => [])
                .AddTransient(provider => new Parts(provider.GetServices<IPart>(), new Part()))
                .AddRecurringTask("task").Step<IEnumerable<IPart>>("read", Read),
            true
        },
        {
            "a default value",
            services => services.AddTransient<Optional>().AddRecurringTask("task").Step<Optional>("read", Read),
            true
        },
        {
            "a longer constructor",
            services => services.AddSingleton<Db>().AddTransient<Longer>().AddRecurringTask("task")
                .Step<Longer>("read", Read),
            true
        },
        {
            "any key",
            services => services.AddKeyedSingleton(KeyedService.AnyKey, (_, _) => new Db()).AddTransient<KeyedOuter>()
                .AddRecurringTask("task").Step<KeyedOuter>("read", Read),
            true
        },
        {
            "its own key",
            services => services.AddKeyedTransient<KnowsKey>("one").AddTransient<NeedsKnowsKey>()
                .AddRecurringTask("task").Step<NeedsKnowsKey>("read", Read),
            true
        },
        {
            "type arguments",
            services => services.AddSingleton(typeof(IStore<>), typeof(OtherStore<>)).AddRecurringTask("task")
                .Step<IStore<Version>>("read", Read),
            true
        },
        {
            "a generic class that an enumerable leaves out because of its constraints",
            services => services.AddSingleton(typeof(IStore<>), typeof(ClassStore<>)).AddRecurringTask("task")
                .Step<IEnumerable<IStore<int>>>("read", Read),
            true
        },
        {
            "a closed one over an open one",
            services => services.AddScoped(typeof(IStore<>), typeof(Store<>))
                .AddSingleton<IStore<Version>>(new Store<Version>(new Db())).AddRecurringTask("task")
                .Step<IStore<Version>>("read", Read),
            true
        },
        {
            "what the host has",
            services => services.AddLogging().AddOptions().AddTransient<NeedsHost>()
                .AddRecurringTask("task").Step<NeedsHost>("read", Read),
            true
        },
    };

    [Theory]
    [MemberData(nameof(Fine))]
    public void What_the_container_builds_is_no_problem(string what, Action<IServiceCollection> configure, bool isSingleton)
    {
        _ = what; // names the case
        using var host = LoopHost.Run(services =>
        {
            configure(services);
            services.Configure<RecurringTaskOptions>(
                "task", options => (options.Every, options.Singleton) = (Second, isSingleton));
        });

        Assert.Equal([IterationOutcome.Succeeded], host.Outcomes());
    }

    /// <summary>Other containers, such as Autofac, have their own rules and registrations.</summary>
    [Fact]
    public void Of_another_container_only_the_services_of_the_steps_are_asked_for()
    {
        var services = new ServiceCollection().AddScoped<Db>().AddTransient<Outermost>();
        var graph = new ServiceGraph(new Others(typeof(Outermost)), services, validatesScopes: true);

        Assert.Empty(graph.ProblemsOf(typeof(Outermost), isSingleton: true));
        Assert.Equal(ServiceFault.NotRegistered, Assert.Single(graph.ProblemsOf(typeof(Outer), isSingleton: true)).Fault);
        Assert.Empty(new ServiceGraph(null, services, validatesScopes: true).ProblemsOf(typeof(Outer), isSingleton: true));
    }

    /// <summary>The container itself cannot build it. The check must end.</summary>
    [Fact]
    public void A_service_that_needs_ever_larger_type_arguments_is_not_followed_for_ever()
    {
        var services = new ServiceCollection().AddTransient(typeof(Growing<>));
        using var provider = services.BuildServiceProvider();
        var graph = new ServiceGraph(
            provider.GetRequiredService<IServiceProviderIsService>(), services, validatesScopes: true);

        Assert.Empty(graph.ProblemsOf(typeof(Growing<int>), isSingleton: true));
    }

    private sealed class Others(params Type[] known) : IServiceProviderIsService
    {
        public bool IsService(Type serviceType) => known.Contains(serviceType);
    }
}
