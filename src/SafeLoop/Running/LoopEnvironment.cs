using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>What all loops of a host share.</summary>
internal sealed class LoopEnvironment(IServiceProvider services, Pacemaker pacemaker, ILoopLockProvider locks, LoopObservers observers)
{
    public IServiceProvider Services { get; } = services;

    public IServiceScopeFactory Scopes { get; } = services.GetRequiredService<IServiceScopeFactory>();

    public Pacemaker Pacemaker { get; } = pacemaker;

    public TimeProvider Time => Pacemaker.Time;

    public OwnLocks Locks { get; } = new(locks, pacemaker);

    public LoopObservers Observers { get; } = observers;

    /// <summary>0 up to, not including, 1: jitter and back-off draw from it.</summary>
    public Func<double> Random { get; init; } = DrawRandom;

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
