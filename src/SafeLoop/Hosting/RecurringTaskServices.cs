using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Creates the parts of the runtime and connects them.</summary>
internal static class RecurringTaskServices
{
    // One delegate for all registrations, because AreIn compares it by reference.
    private static readonly Func<IServiceProvider, RecurringTasksService> HostedService = Service;

    /// <summary>
    /// True when the runtime is registered. Checks a single service, because a search for all of them is slow.
    /// </summary>
    /// <remarks>Compares the factory itself, because its type differs under Native AOT.</remarks>
    public static bool AreIn(IServiceCollection services) =>
        services.Any(static service => !service.IsKeyedService && ReferenceEquals(service.ImplementationFactory, HostedService));

    public static void AddTo(IServiceCollection services)
    {
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new LoopMeter(provider.GetService<IMeterFactory>()));
        services.TryAddSingleton(provider => Pacemaker.For(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ILoopLockProvider>(
            provider => new InProcessLockProvider(provider.GetRequiredService<Pacemaker>()));
        services.TryAddSingleton(provider => new LogScopes(Logger(provider, "SafeLoop.Scopes")));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRecurringTaskObserver, LogObserver>(
            provider => new LogObserver(Logger(provider), provider.GetRequiredService<LogScopes>())));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRecurringTaskObserver, MetricsObserver>(
            provider => new MetricsObserver(provider.GetRequiredService<LoopMeter>().Meter)));
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IPostConfigureOptions<RecurringTaskOptions>, OptionsFromConfiguration>(
                provider => new OptionsFromConfiguration(
                    provider.GetService<IConfiguration>(), provider.GetServices<RegisteredTasks>())));
        services.TryAddSingleton(provider => new CommonSettings(provider.GetService<IConfiguration>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<RecurringTaskOptions>, CommonSettings>(
            provider => provider.GetRequiredService<CommonSettings>()));
        services.TryAddSingleton(provider => new LoopObservers(
            () => FindObservers(provider),
            Logger(provider),
            provider.GetRequiredService<LogScopes>()));
        services.TryAddSingleton<Func<HeapState>>(HeapState.Read);
        services.TryAddSingleton(provider => new HostSampler(provider.GetRequiredService<Func<HeapState>>()));
        services.TryAddSingleton(provider => new StoreAccess(
            provider, provider.GetRequiredService<Pacemaker>(), provider.GetRequiredService<LoopObservers>()));
        services.TryAddSingleton(provider => new TaskPings(
            provider.GetRequiredService<Pacemaker>(),
            provider.GetRequiredService<LoopObservers>(),
            provider.GetRequiredService<LoopMeter>().Meter,
            PingHandler(provider)));
        services.TryAddSingleton(provider => new LoopEnvironment(
            provider,
            provider.GetRequiredService<Pacemaker>(),
            provider.GetRequiredService<LoopObservers>())
        {
            Store = provider.GetRequiredService<StoreAccess>().Session,
            Pings = provider.GetRequiredService<TaskPings>(),
            OptionsFormat = new OptionsFormat(),
            StopHost = StopHostOf(provider.GetService<IHostApplicationLifetime>()),
        });
        services.TryAddSingleton(provider => new RecurringTaskFactory(
            provider,
            provider.GetRequiredService<LoopEnvironment>(),
            provider.GetRequiredService<ServiceGraph>(),
            DefaultTimeZone(provider.GetRequiredService<CommonSettings>())));
        services.TryAddScoped(_ => new ScopeProbe());
        services.TryAddSingleton(provider => new ServiceGraph(
            provider.GetService<IServiceProviderIsService>(),
            RegisteredTasks.AreSame(services, provider.GetServices<RegisteredTasks>()) ? services : null,
            ValidatesScopes(provider)));
        if (!RegisteredTasks.AreIn(services))
            services.AddSingleton(RegisteredTasks.None);
        services.TryAddSingleton<TaskDefinitions>();
        services.TryAddSingleton<TaskRegistration>();
        services.TryAddSingleton(Tasks);
        services.TryAddSingleton<IRecurringTasks>(provider => provider.GetRequiredService<RecurringTasks>());
        services.TryAddSingleton(provider => new TaskShards(
            provider.GetRequiredService<RecurringTasks>(), provider.GetRequiredService<LoopEnvironment>()));
        services.TryAddSingleton<IRecurringTaskShards>(provider => provider.GetRequiredService<TaskShards>());
        services.TryAddSingleton(provider => new LoopsByText(provider.GetRequiredService<RecurringTasks>()));
        services.TryAddSingleton<IRecurringTaskHistory>(provider => new TaskHistory(
            provider.GetRequiredService<RecurringTasks>(),
            provider.GetService<IRecurringTaskStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<StoreAccess>().Session));
        services.TryAddSingleton<IRecurringTaskReader>(provider => new TaskReader(
            provider.GetRequiredService<RecurringTasks>(),
            provider.GetRequiredService<StoreAccess>().Session,
            new MemoryReader(
                provider.GetRequiredService<RecurringTasks>(),
                provider.GetRequiredService<HostSampler>(),
                provider.GetRequiredService<TimeProvider>())));
        services.TryAddSingleton<IRecurringTaskCommands>(Commands);
        services.TryAddSingleton(provider => new ApplicationStart(
            provider.GetRequiredService<LoopEnvironment>(),
            provider.GetRequiredService<RecurringTasks>(),
            provider.GetService<IHostApplicationLifetime>(),
            Logger(provider)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RecurringTasksService>(HostedService));
    }

    private static RecurringTasksService Service(IServiceProvider provider) => new(
        provider.GetRequiredService<LoopEnvironment>(),
        provider.GetRequiredService<RecurringTasks>(),
        provider.GetRequiredService<TaskRegistration>(),
        provider.GetRequiredService<ApplicationStart>(),
        provider.GetRequiredService<StoreAccess>().Session,
        provider.GetRequiredService<CommonSettings>(),
        provider.GetService<IConfiguration>(),
        provider.GetService<IClusterHost>(),
        Logger(provider));

    private static IRecurringTaskCommands Commands(IServiceProvider provider)
    {
        var checks = new CommandRules(
            provider.GetRequiredService<RecurringTasks>(),
            provider.GetRequiredService<LoopEnvironment>().OptionsFormat,
            provider.GetRequiredService<TimeProvider>());
        return provider.GetRequiredService<StoreAccess>().Session is { } session
            ? new StoredTaskCommands(checks, session)
            : new LocalTaskCommands(
                checks,
                new CommandExecutor(provider.GetRequiredService<RecurringTasks>),
                provider.GetRequiredService<TimeProvider>());
    }

    // A test in virtual time must not report to the monitoring of production.
    private static HttpMessageHandler? PingHandler(IServiceProvider provider) =>
        (provider as IKeyedServiceProvider)?.GetKeyedService(typeof(HttpMessageHandler), TaskPings.HandlerKey)
            as HttpMessageHandler
        ?? (provider.GetRequiredService<Pacemaker>().HasItsOwnThread ? null : TaskPings.CreateHandler());

    private static IEnumerable<IRecurringTaskObserver> FindObservers(IServiceProvider provider) =>
        provider.GetRequiredService<StoreAccess>().Session is { } session
            ? provider.GetServices<IRecurringTaskObserver>().Append(new StoreObserver(session))
            : provider.GetServices<IRecurringTaskObserver>();

    private static bool ValidatesScopes(IServiceProvider root)
    {
        try
        {
            root.GetService<ScopeProbe>();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static Func<string?> DefaultTimeZone(CommonSettings common) => () => common.TimeZone;

    // A supervisor restarts a process only when its exit code is not 0 (dotnet/runtime#67146).
    private static Action StopHostOf(IHostApplicationLifetime? lifetime) => lifetime is null ? static () => { } : () =>
    {
        if (Environment.ExitCode == 0)
            Environment.ExitCode = 1;
        lifetime.StopApplication();
    };

    private static RecurringTasks Tasks(IServiceProvider provider)
    {
        var tasks = new RecurringTasks(
            provider.GetRequiredService<LoopEnvironment>(),
            provider.GetRequiredService<RecurringTaskFactory>(),
            provider.GetRequiredService<TaskDefinitions>().Define,
            name => Register(provider.GetRequiredService<TaskRegistration>(), name), // resolved late, because it needs the tasks
            ConfigurationReload.Reload);
        TaskGauges.Add(provider.GetRequiredService<LoopMeter>().Meter, tasks);
        TaskGauges.Add(provider.GetRequiredService<LoopMeter>().Meter, provider.GetRequiredService<Pacemaker>());
        OperatorGauges.Add(provider.GetRequiredService<LoopMeter>().Meter, tasks);
        if (provider.GetRequiredService<StoreAccess>().Session is { } store)
            OperatorGauges.Add(provider.GetRequiredService<LoopMeter>().Meter, store);
        TaskGauges.Add(provider.GetRequiredService<LoopMeter>().Meter, provider.GetRequiredService<LoopObservers>().Blocked);
        return tasks;
    }

    private static void Register(TaskRegistration registration, string? name)
    {
        if (name is null)
            _ = registration.CreateAll(); // the start of the host reports the problems
        else
            registration.Create(name);
    }

    // A plain service collection has no logging; nothing is logged then.
    private static ILogger Logger(IServiceProvider provider, string category = "SafeLoop") =>
        provider.GetService<ILoggerFactory>()?.CreateLogger(category) ?? NullLogger.Instance;
}
