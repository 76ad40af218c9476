namespace SafeLoop;

/// <summary>Makes the plan of this host from what Orleans reports and what the store has answered.</summary>
/// <remarks>
/// A live member is active in Orleans, and its lease is live in the store. Orleans drops a host at once that shuts down; the
/// store drops one that is frozen. Thread-safe.
/// </remarks>
internal sealed class ClusterPlanner(
    IClusterMembership membership, LeaseRenewal renewal, TimeProvider time, RecurringTaskClusterOptions options)
{
    private readonly Lock _gate = new();
    private readonly SettledMembers _settled = new(time, options.Settle);
    private ClusterPlan _plan = new(ClusterView.None, [], [], options.ShardCount);

    /// <summary>When the plan changes if nothing else happens, as a timestamp.</summary>
    public long ChangesAt
    {
        get
        {
            lock (_gate)
                return _settled.ChangesAt;
        }
    }

    public ClusterPlan Create()
    {
        var (view, active, isLeaving) = (renewal.View, membership.Current.Active, renewal.IsLeaving);
        var live = FindLive(view.Members, active);
        lock (_gate)
        {
            var settled = _settled.Update([.. live.Select(static member => member.Lease)]);
            var candidates = live
                .Where(member => settled.Contains(member.Lease) && !member.IsLeaving)
                .Where(member => !isLeaving || member.Lease != view.Lease?.Number) // others learn it with the next renewal
                .ToArray();
            if (_plan.View != view || !_plan.Candidates.SequenceEqual(candidates) || !_plan.Members.SequenceEqual(live))
                _plan = new(view, live, candidates, options.ShardCount);
            return _plan;
        }
    }

    // A process that has joined again has two leases for a moment. The older one is lost.
    private static Member[] FindLive(IReadOnlyList<Member> members, IReadOnlySet<string> active) =>
    [
        .. members.Where(member => active.Contains(member.Details.Address))
            .GroupBy(static member => member.Details.Address)
            .Select(static process => process.MaxBy(static member => member.Lease)!)
            .OrderBy(static member => member.Lease),
    ];
}
