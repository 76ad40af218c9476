namespace SafeLoop;

/// <summary>What is known of the hosts by their leases, so that the store sends the details of each only once.</summary>
/// <remarks>Not thread-safe. Used by the loop that renews.</remarks>
internal sealed class MemberDirectory
{
    private const int MostLeases = 1000; // with those that have ended, of which only the address is used

    private Dictionary<long, MemberDetails> _known = [];

    /// <summary>The greatest lease up to which all live ones are known.</summary>
    public long KnownUpTo { get; private set; }

    /// <summary>Reads an answer of the store.</summary>
    /// <param name="lease">The lease of this host.</param>
    /// <param name="answer">The hosts whose leases are live.</param>
    /// <param name="time">The clock.</param>
    public ClusterView Read(HostLease lease, IReadOnlyList<ShardMember> answer, TimeProvider time)
    {
        foreach (var member in answer)
        {
            if (member.Details is { } details)
                _known[member.Lease] = MemberDetails.Read(details);
        }
        // A lease with a smaller number may become visible later. Its details are then asked for again.
        var missing = answer.Select(static member => member.Lease).Where(lease => !_known.ContainsKey(lease)).Order().ToArray();
        KnownUpTo = missing is [var first, ..] ? first - 1 : answer.Max(static member => member.Lease);
        if (_known.Count > MostLeases)
            Forget([.. answer.Select(static member => member.Lease)]);
        return new(
            lease,
            [
                .. answer.Select(member => new Member(
                    member.Lease,
                    member.Name,
                    _known.GetValueOrDefault(member.Lease, MemberDetails.Unknown),
                    member.IsLeaving,
                    time.TimestampIn(member.TimeLeft))),
            ],
            _known.ToDictionary(static known => known.Key, static known => known.Value.Address));
    }

    private void Forget(HashSet<long> live) => _known = _known
        .OrderByDescending(known => live.Contains(known.Key)).ThenByDescending(static known => known.Key)
        .Take(Math.Max(MostLeases / 2, live.Count)).ToDictionary();
}
