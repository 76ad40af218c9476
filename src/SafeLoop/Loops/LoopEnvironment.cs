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

    public OwnLocks Locks { get; } = new(
        new(services.GetRequiredService<ILoopLockProvider>, LazyThreadSafetyMode.PublicationOnly), pacemaker, observers.Calls);

    public LoopObservers Observers { get; } = observers;

    /// <summary>0 up to, not including, 1: jitter and back-off draw from it.</summary>
    public Func<double> Random { get; init; } = DrawRandom;

    /// <summary>
    /// Resolves the lock provider and the observers. They may inject the tasks, so call it after the tasks were created.
    /// </summary>
    public void ResolveServices()
    {
        using (Observers.Calls.Enter("the constructor of the lock provider", "SafeLoop"))
            _ = Locks.Provider;
        Observers.Find();
    }

    /// <summary>Lets all schedules begin.</summary>
    public void OnApplicationStarted() => _hasApplicationStarted = true;

    /// <summary>True when the schedule of a task may begin. Runs by hand never wait.</summary>
    public bool CanBegin(RecurringTask task) =>
        (_hasApplicationStarted || !task.Options.AwaitApplicationStarted) && Store?.CanBegin(task) is null or true;

    /// <summary>What outlives the process; null: there is no store.</summary>
    public ILoopStore? Store { get; init; }

    /// <summary>Sends heartbeats; null: none are sent.</summary>
    public TaskPings? Pings { get; init; }

    /// <summary>Writes and reads options.</summary>
    public required IOptionsFormat OptionsFormat { get; init; }

    /// <summary>Stops the host because a task has failed too often.</summary>
    public Action StopHost { get; init; } = static () => { };

    /// <summary>True when the host's services have been disposed, so that no scope can be created.</summary>
    public bool IsDisposed()
    {
        try
        {
            _ = Services.GetService(typeof(IServiceScopeFactory));
            return false;
        }
        catch (Exception error) // a user's container may throw anything; only this exception means that it is disposed
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
