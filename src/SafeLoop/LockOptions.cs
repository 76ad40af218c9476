namespace SafeLoop;

/// <summary>The lock under which each iteration runs.</summary>
/// <remarks>
/// In configuration a text stands for <see cref="Name"/>: <c>"Lock": "device-info"</c>. Not thread-safe.
/// </remarks>
public sealed record LockOptions
{
    internal static LockOptions Default { get; } = new();

    /// <summary>
    /// The lock's name, shared by all tasks that exclude each other. Each key of a keyed task has its own lock,
    /// <c>name/key</c>, with <c>/</c> and <c>%</c> in the key written <c>%2F</c> and <c>%25</c>.
    /// </summary>
    /// <value>At most 1,024 bytes in UTF-8, without NUL characters. The default is null: no lock.</value>
    public string? Name { get; set; }

    /// <summary>What to do when another owner holds the lock.</summary>
    /// <value>The default is <see cref="LockHeld.Skip"/>.</value>
    public LockHeld WhenHeld { get; set; }

    /// <summary>
    /// The length of the lease. The loop renews it after each third of this time while the step runs, and cancels the step
    /// before the lease can expire.
    /// </summary>
    /// <remarks>
    /// Longer: the step survives short outages of the lock's store. Shorter: another instance takes over sooner from a crashed
    /// holder.
    /// </remarks>
    /// <value>At least 100 milliseconds. The default is null: the provider chooses; the default provider sets no limit.</value>
    public TimeSpan? AtMostFor { get; set; }

    /// <summary>The minimum time for which the lock is held after its acquisition, also when the step ends sooner.</summary>
    /// <remarks>
    /// Longer: replicas whose clocks differ do not run the same slot again. Shorter: the next holder gets the lock sooner.
    /// </remarks>
    /// <value>Not more than <see cref="AtMostFor"/>, when that is set. The default is zero.</value>
    public TimeSpan AtLeastFor { get; set; }

    /// <summary>True: the host does not start with a lock provider whose leases have no fencing tokens.</summary>
    /// <value>The default is false.</value>
    public bool RequireFencing { get; set; }
}
