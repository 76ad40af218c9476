using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static SafeLoop.Tests.Hosting.GraphServices;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

/// <summary>Dependencies at any depth that the container cannot build are start-up problems.</summary>
public class RefusedDependencyTests
{
    public static TheoryData<string, Action<IServiceCollection>, string> Refused => new()
    {
        {
            "depth",
            services => services.AddTransient<Outer>().AddRecurringTask<OuterReader>("task"),
            "step 'outerReader' needs Db (for Outer), which is not registered. "
                + "Call services.AddSingleton<Db>(), AddScoped or AddTransient."
        },
        {
            "deeper",
            services => services.AddTransient<Outer>().AddScoped<Outermost>().AddRecurringTask("task")
                .Step<Outermost>("read", Read),
            "step 'read' needs Db (for Outermost → Outer), which is not registered. "
                + "Call services.AddSingleton<Db>(), AddScoped or AddTransient."
        },
        {
            "an interface",
            services => services.AddTransient<Parts>().AddScoped<IPart, Outer>().AddRecurringTask("task")
                .Step<Parts>("read", Read),
            "step 'read' needs Db (for Parts → IPart), which is not registered. "
                + "Call services.AddSingleton<Db>(), AddScoped or AddTransient."
        },
        {
            "generic",
            services => services.AddTransient<NeedsStore>().AddRecurringTask("task").Step<NeedsStore>("read", Read),
            "step 'read' needs IStore<Version> (for NeedsStore), which is not registered. "
                + "Call services.AddSingleton<IStore<Version>>(), AddScoped or AddTransient."
        },
        {
            "a generic class whose constraints exclude it",
            services => services.AddTransient(typeof(IStore<>), typeof(ClassStore<>)).AddRecurringTask("task")
                .Step<IStore<int>>("read", Read),
            "step 'read' needs IStore<Int32>, but the constraints of ClassStore<T> exclude it. "
                + "Register a class for IStore<Int32>, or loosen the constraints."
        },
        {
            "a generic class whose constraints exclude it, below a generic class",
            services => services.AddTransient(typeof(IStore<>), typeof(ClassStore<>)).AddTransient(typeof(NeedsStoreOf<>))
                .AddRecurringTask("task").Step<NeedsStoreOf<int>>("read", Read),
            "step 'read' needs IStore<Int32> (for NeedsStoreOf<Int32>), but the constraints of ClassStore<T> exclude it. "
                + "Register a class for IStore<Int32>, or loosen the constraints."
        },
        {
            "a key",
            services => services.AddSingleton<Db>().AddTransient<KeyedOuter>().AddRecurringTask("task")
                .Step<KeyedOuter>("read", Read),
            "step 'read' needs Db with the key 'one' (for KeyedOuter), which is not registered. "
                + "Call services.AddKeyedSingleton<Db>(\"one\"), AddKeyedScoped or AddKeyedTransient."
        },
        {
            "no public constructor",
            services => services.AddRecurringTask<Hidden>("task"),
            "step 'hidden' needs Hidden, which has no public constructor. Make one public, or register it with a factory."
        },
        {
            "none below",
            services => services.AddTransient<HiddenPart>().AddRecurringTask<NeedsHidden>("task"),
            "step 'needsHidden' needs HiddenPart, which has no public constructor. "
                + "Make one public, or register it with a factory."
        },
        {
            "two equally good ones",
            services => services.AddSingleton<Db>().AddSingleton<Version>(_ => new()).AddRecurringTask<Torn>("task"),
            "step 'torn' needs Torn, which has two constructors that can both be called. "
                + "Remove one, or register it with a factory."
        },
        {
            "a circle",
            services => services.AddTransient<Egg>().AddTransient<Hen>().AddRecurringTask("task")
                .Step<Egg>("read", Read),
            "step 'read' needs Egg (for Egg → Hen), which needs itself. Break the circle, for example with a factory."
        },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_the_container_cannot_build_is_reported(string what, Action<IServiceCollection> configure, string sentence)
    {
        _ = what; // names the case
        Assert.Equal([$"Recurring task 'task': {sentence}"], Problems(services =>
        {
            configure(services);
            services.Configure<RecurringTaskOptions>("task", options => options.Every = Second);
        }));
    }

    [Fact]
    public void All_of_it_is_reported_at_once_and_each_thing_once() => Assert.Equal(3, Problems(services =>
    {
        services.AddTransient<Outer>().AddTransient<Outermost>().AddTransient<HiddenPart>();
        services.AddRecurringTask("one").Step<Outermost>("read", Read).Step<HiddenPart>("hide", Read).Every(Second);
        services.AddRecurringTask("two").Step<Outer>("read", Read).Every(Second).AsSingleton();
    }).Count);
}
