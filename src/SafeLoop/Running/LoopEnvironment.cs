using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>What all loops of a host share.</summary>
internal sealed class LoopEnvironment(IServiceProvider services, Pacemaker pacemaker, LoopObservers observers)
{
    public IServiceProvider Services { get; } = services;

    public IServiceScopeFactory Scopes { get; } = services.GetRequiredService<IServiceScopeFactory>();

    public Pacemaker Pacemaker { get; } = pacemaker;

    public TimeProvider Time => Pacemaker.Time;

    public OwnLocks Locks { get; } = new(new(services.GetRequiredService<ILoopLockProvider>), pacemaker);

    public LoopObservers Observers { get; } = observers;

    /// <summary>0 up to, not including, 1: jitter and back-off draw from it.</summary>
    public Func<double> Random { get; init; } = DrawRandom;

    /// <summary>Looks for what users have written and who may themselves ask for the tasks, which must be there already.</summary>
    public void Complete()
    {
        _ = Locks.Provider;
        Observers.Find();
    }

    /// <summary>Asks the host to stop.</summary>
    public Action StopHost { get; init; } = static () => { };

    // The system's own source: replicas must not draw the same jitter.
    private static double DrawRandom()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return (BitConverter.ToUInt64(bytes) >> 11) * (1.0 / (1UL << 53));
    }
}
