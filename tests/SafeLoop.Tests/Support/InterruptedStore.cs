using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;

namespace SafeLoop.Tests;

/// <summary>
/// The store of a host, in which another thread does something just when what was loaded of a task or a key is taken.
/// </summary>
public class InterruptedStore : DispatchProxy
{
    private ILoopStore _store = null!;
    private Interrupt _interrupt = null!;
    private Func<RecurringTasks> _tasks = null!;

    /// <summary>What the other thread does.</summary>
    /// <param name="call">The method that takes what was loaded.</param>
    /// <param name="isTaken">False: it has not been taken yet. True: it was taken, and has not been applied yet.</param>
    /// <param name="store">The store.</param>
    /// <param name="tasks">The tasks of the host.</param>
    internal delegate void Interrupt(string call, bool isTaken, ILoopStore store, RecurringTasks tasks);

    internal static void AddTo(IServiceCollection services, Interrupt interrupt) =>
        services.AddSingleton(provider =>
        {
            var proxy = Create<ILoopStore, InterruptedStore>();
            var (store, interrupted) = (provider.GetRequiredService<StoreAccess>().Session!, (InterruptedStore)proxy);
            (interrupted._store, interrupted._interrupt) = (store, interrupt);
            interrupted._tasks = provider.GetRequiredService<RecurringTasks>; // not yet: they need the environment
            return new LoopEnvironment(
                provider, provider.GetRequiredService<Pacemaker>(), provider.GetRequiredService<LoopObservers>())
            {
                Store = proxy,
                OptionsFormat = new OptionsFormat(),
            };
        });

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var (call, isTake) = (targetMethod!.Name, targetMethod.Name is nameof(ILoopStore.TakeLoaded));
        if (args is [_, Action<StoredLoop> apply])
            args[1] = (StoredLoop stored) =>
            {
                _interrupt(call, isTaken: true, _store, _tasks());
                apply(stored);
            };
        if (isTake)
            _interrupt(call, isTaken: false, _store, _tasks());
        var result = targetMethod.Invoke(_store, BindingFlags.DoNotWrapExceptions, null, args, null);
        if (isTake && result is not null)
            _interrupt(call, isTaken: true, _store, _tasks());
        return result;
    }
}
