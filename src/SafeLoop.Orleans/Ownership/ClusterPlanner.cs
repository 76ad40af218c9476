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
        var live = FindLive(view, active);
        lock (_gate)
        {
            var settled = _settled.Update([.. live.Select(static member => member.Details.Address)]);
            var candidates = live
                .Where(member => settled.Contains(member.Details.Address) && !member.IsLeaving)
                .Where(member => !isLeaving || member.Lease != view.Lease?.Number) // others learn it with the next renewal
                .ToArray();
            if (_plan.View != view || !_plan.Candidates.SequenceEqual(candidates) || !_plan.Members.SequenceEqual(live))
                _plan = new(view, live, candidates, options.ShardCount);
            return _plan;
        }
    }

    // A process that has joined again, or whose first attempt was answered too late, has several leases for a moment. It knows
    // which of them is its own. For others it is the one that was renewed last.
    private static Member[] FindLive(ClusterView view, IReadOnlySet<string> active) =>
    [
        .. view.Members.Where(member => active.Contains(member.Details.Address))
            .GroupBy(static member => member.Details.Address)
            .Select(process => process.FirstOrDefault(member => member.Lease == view.Lease?.Number)
                ?? process.MaxBy(static member => member.EndsAt)!)
            .OrderBy(static member => member.Lease),
    ];
}
