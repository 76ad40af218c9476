namespace SafeLoop;

/// <summary>Joins this host to its cluster and leaves it. The package SafeLoop.Orleans registers it.</summary>
internal interface IClusterHost
{
    /// <summary>Finds what is wrong with its registration, as sentences. Called once, before the loops start.</summary>
    IEnumerable<string> FindProblems();

    /// <summary>
    /// Hands the loops over and leaves the cluster. Called before the loops end. Never throws; may be called again.
    /// </summary>
    Task LeaveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Gives the loops up at once, without their state. Called before the loops end when the host is disposed without being
    /// stopped: loops that have ended must not look as if they had no slots left. Does nothing after <see cref="LeaveAsync"/>.
    /// </summary>
    void Abandon();
}
