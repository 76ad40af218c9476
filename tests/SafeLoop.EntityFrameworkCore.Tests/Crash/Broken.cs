namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>The guard of the store that is broken on purpose, to see that the judge finds it.</summary>
public enum Broken
{
    Nothing,

    /// <summary>A slot is claimed when its step has ended.</summary>
    ClaimAfterStep,

    /// <summary>A slot that another host has claimed runs all the same.</summary>
    NoUniqueClaim,

    /// <summary>A heartbeat is the time of the host.</summary>
    HeartbeatOfClient,

    /// <summary>A commit whose answer was lost is repeated as if it were another one.</summary>
    BlindCommit,

    /// <summary>A pause that a host makes is confirmed, and the store does not get it.</summary>
    LocalPause,

    /// <summary>A change that a host makes does not get to the store.</summary>
    LocalChange,

    /// <summary>A host that starts does not load the stored change.</summary>
    ForgottenChange,
}
