using System.Collections.Concurrent;

namespace SafeLoop;

/// <summary>Who should own which shard, as this host sees it at this moment.</summary>
/// <param name="view">The last answer of the store.</param>
/// <param name="members">The live members.</param>
/// <param name="candidates">Those that may own shards.</param>
/// <param name="shardCount">The number of shards of a keyed task.</param>
internal sealed class ClusterPlan(
    ClusterView view, IReadOnlyList<Member> members, IReadOnlyList<Member> candidates, int shardCount)
{
    private readonly ConcurrentDictionary<ClusterTask, Member[]> _owners = new();

    public ClusterView View => view;

    /// <summary>The hosts that Orleans reports as active and whose leases are live.</summary>
    public IReadOnlyList<Member> Members => members;

    /// <summary>Those of them that may own shards: they are settled and do not leave.</summary>
    public IReadOnlyList<Member> Candidates => candidates;

    /// <summary>The member that should own a shard; null: there is none.</summary>
    public Member? OwnerOf(ClusterTask task, int index) => OwnersOf(task).ElementAtOrDefault(index);

    /// <summary>The shards of a task that a member should own.</summary>
    public IEnumerable<ShardId> SharesOf(ClusterTask task, long lease) =>
        OwnersOf(task).Index().Where(owner => owner.Item.Lease == lease).Select(owner => new ShardId(task.Name, owner.Index));

    public KeyShard ShardOf(ClusterTask task, int index) => task.IsKeyed ? new(index, shardCount) : default;

    // A schedule may change during a rolling upgrade. It does not matter here.
    private Member[] OwnersOf(ClusterTask task) => _owners.GetOrAdd(task with { Schedule = "" }, task =>
    {
        var known = candidates.Where(member => member.Knows(task)).ToArray();
        return [.. Placement.Assign(task.Name, task.IsKeyed ? shardCount : 1, NamesOf(known)).Select(owner => known[owner])];
    });

    // Two hosts with one name are different members, and each gets a share.
    private static string[] NamesOf(Member[] members) =>
        [.. members.Select(member => members.Count(other => other.Name == member.Name && other.Lease < member.Lease) switch
        {
            0 => member.Name,
            var before => $"{member.Name}\n{before}",
        })];
}
