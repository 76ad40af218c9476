namespace SafeLoop;

/// <summary>What this host knows from the last answer of the store.</summary>
/// <param name="Lease">The lease of this host; null: it has none.</param>
/// <param name="Members">The hosts whose leases were live, this one among them.</param>
/// <param name="Addresses">The addresses of hosts by their leases, also of leases that have ended not long ago.</param>
internal sealed record ClusterView(HostLease? Lease, IReadOnlyList<Member> Members, IReadOnlyDictionary<long, string> Addresses)
{
    public static ClusterView None { get; } = new(null, [], new Dictionary<long, string>());

    /// <summary>The member with this lease; null: it is not live.</summary>
    public Member? Find(long lease) => Members.FirstOrDefault(member => member.Lease == lease);

    /// <summary>True when the process that held an ended lease has a later one, so that it has not crashed.</summary>
    public bool IsBack(long lease) => Addresses.TryGetValue(lease, out var address)
        && Members.Any(member => member.Lease > lease && member.Details.Address == address);
}
