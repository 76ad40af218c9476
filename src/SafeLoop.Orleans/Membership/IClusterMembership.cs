namespace SafeLoop;

/// <summary>
/// Which hosts the cluster reports as active. What it reports may be late or wrong, so it is no permission to run.
/// </summary>
internal interface IClusterMembership
{
    /// <summary>The name of the cluster.</summary>
    string Cluster { get; }

    /// <summary>The address of this host.</summary>
    string Address { get; }

    /// <summary>The name of this host, which stays the same when it restarts, where it has one.</summary>
    string Name { get; }

    /// <summary>What is known now.</summary>
    MembershipView Current { get; }

    /// <summary>Is called after each change of <see cref="Current"/>, on any thread.</summary>
    event Action? Changed;
}
