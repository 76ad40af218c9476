using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests;

/// <summary>
/// The store of a host, in which another thread begins the tasks at the very moment at which a task takes what was loaded of it.
/// </summary>
public class InterruptedStore : DispatchProxy
{
    private ILoopStore _store = null!;
    private Action _interrupt = null!;
    private bool _isInterrupted;

    /// <summary>Registers it.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="interrupt">Is called with the tasks of the host, once, before the task takes what was loaded.</param>
    internal static void AddTo(IServiceCollection services, Action<RecurringTasks> interrupt) =>
        services.AddSingleton(provider => new LoopEnvironment(
            provider, provider.GetRequiredService<Pacemaker>(), provider.GetRequiredService<LoopObservers>())
        {
            Store = Create(
                provider.GetRequiredService<StoreAccess>().Session!,
                () => interrupt(provider.GetRequiredService<RecurringTasks>())),
            OptionsFormat = new OptionsFormat(),
        });

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name is nameof(ILoopStore.TakeLoaded) && !_isInterrupted)
        {
            _isInterrupted = true;
            _interrupt();
        }
        return targetMethod.Invoke(_store, BindingFlags.DoNotWrapExceptions, null, args, null);
    }

    private static ILoopStore Create(ILoopStore store, Action interrupt)
    {
        var proxy = Create<ILoopStore, InterruptedStore>();
        ((InterruptedStore)proxy)._store = store;
        ((InterruptedStore)proxy)._interrupt = interrupt;
        return proxy;
    }
}
