using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>What all loops of a host share.</summary>
internal sealed class LoopEnvironment(IServiceProvider services, Pacemaker pacemaker, LoopObservers observers)
{
    private volatile bool _hasApplicationStarted;

    public IServiceProvider Services { get; } = services;

    public IServiceScopeFactory Scopes { get; } = services.GetRequiredService<IServiceScopeFactory>();

    public Pacemaker Pacemaker { get; } = pacemaker;

    public TimeProvider Time => Pacemaker.Time;

    public OwnLocks Locks { get; } = new(new(services.GetRequiredService<ILoopLockProvider>, LazyThreadSafetyMode.PublicationOnly), pacemaker, observers.Calls);

    public LoopObservers Observers { get; } = observers;

    /// <summary>0 up to, not including, 1: jitter and back-off draw from it.</summary>
    public Func<double> Random { get; init; } = DrawRandom;

    /// <summary>Resolves the lock provider and the observers, which users write and which may inject the tasks: they must exist already.</summary>
    public void Complete()
    {
        using (Observers.Calls.Enter("the constructor of the lock provider", "SafeLoop"))
            _ = Locks.Provider;
        Observers.Find();
    }

    /// <summary>From now on all schedules may begin.</summary>
    public void ApplicationHasStarted() => _hasApplicationStarted = true;

    /// <summary>Scheduled slots of a task with these options may come; runs by hand never wait.</summary>
    public bool MayBegin(RecurringTaskOptions options) => _hasApplicationStarted || !options.AwaitApplicationStarted;

    /// <summary>Asks the host to stop, because a task has failed too often.</summary>
    public Action StopHost { get; init; } = static () => { };

    /// <summary>The host's services have been disposed: no scope can be created any more.</summary>
    public bool IsDisposed()
    {
        try
        {
            _ = Services.GetService(typeof(IServiceScopeFactory));
            return false;
        }
        catch (Exception error) // the user's container; only this exception says that it is gone
        {
            return error is ObjectDisposedException;
        }
    }

    // The system's own source: replicas must not draw the same jitter.
    private static double DrawRandom()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return (BitConverter.ToUInt64(bytes) >> 11) * (1.0 / (1UL << 53));
    }
}
