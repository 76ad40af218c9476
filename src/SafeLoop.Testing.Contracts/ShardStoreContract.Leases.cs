namespace SafeLoop.Testing;

public abstract partial class ShardStoreContract
{
    /// <summary>The first host makes the cluster.</summary>
    [Fact]
    public async Task The_first_host_that_joins_decides_the_cluster_and_the_number_of_shards()
    {
        var joined = await TryJoinAsync(0, cluster: "blue", shardCount: 8);
        Assert.True(joined.Lease > 0);
        Assert.Equal(("blue", 8), (joined.Cluster, joined.ShardCount));
    }

    /// <summary>A number stands for one lease for ever.</summary>
    [Fact]
    public async Task The_number_of_a_lease_is_greater_than_all_before()
    {
        var last = 0L;
        for (var n = 0; n < 6; n++)
        {
            var lease = await JoinAsync(n % 2);
            Assert.True(lease > last, $"The lease {lease} does not come after {last}.");
            last = lease;
            if (n % 3 == 1)
                await ExpireAsync();
            else if (n % 3 == 2)
                await Of(n % 2).LeaveAsync(lease, default);
        }
    }

    /// <summary>Two clusters on one store would share their shards.</summary>
    [Fact]
    public async Task Another_cluster_is_refused_while_a_lease_is_live()
    {
        var lease = await StartAsync();
        var refused = await TryJoinAsync(1, cluster: "green");
        Assert.Equal((0, "blue", 8), (refused.Lease, refused.Cluster, refused.ShardCount));
        Assert.Equal(lease, Assert.Single(await MembersAsync(0, lease)).Lease);

        await Of(0).LeaveAsync(lease, default);
        var joined = await TryJoinAsync(1, cluster: "green");
        Assert.True(joined.Lease > lease);
        Assert.Equal("green", joined.Cluster);
        var late = await TryJoinAsync(0, cluster: "blue");
        Assert.Equal((0, "green"), (late.Lease, late.Cluster));
    }

    /// <summary>A cluster that has ended without a word gives way when its leases have expired.</summary>
    [Fact]
    public async Task Another_cluster_is_accepted_when_all_leases_have_expired()
    {
        await StartAsync();
        await ExpireAsync();
        Assert.True((await TryJoinAsync(1, cluster: "green")).Lease > 0);
    }

    /// <summary>With another count, a key would be in two shards.</summary>
    [Fact]
    public async Task Another_number_of_shards_is_refused_also_when_no_lease_is_live()
    {
        var lease = await StartAsync();
        var refused = await TryJoinAsync(1, shardCount: 16);
        Assert.Equal((0, "blue", 8), (refused.Lease, refused.Cluster, refused.ShardCount));
        await Of(0).LeaveAsync(lease, default);
        Assert.Equal(0, (await TryJoinAsync(1, shardCount: 16)).Lease);
        Assert.Equal(0, (await TryJoinAsync(1, cluster: "green", shardCount: 16)).Lease);
        Assert.True((await TryJoinAsync(1, shardCount: 8)).Lease > lease);
    }

    /// <summary>A renewal answers who is there.</summary>
    [Fact]
    public async Task A_renewal_reads_the_members_with_live_leases()
    {
        var lease = await JoinAsync(0, "north", "{ \"address\": \"a\" }");
        var other = await JoinAsync(1, "south", "line one\nline two } \"quoted\" \\ é 😀");

        var members = await MembersAsync(0, lease);
        Assert.Equal([lease, other], members.Select(member => member.Lease).Order());
        var south = Assert.Single(members, member => member.Lease == other);
        Assert.Equal(("south", "line one\nline two } \"quoted\" \\ é 😀"), (south.Name, south.Details));
        Assert.All(members, member => Assert.InRange(member.TimeLeft, TimeSpan.FromTicks(1), Lease));
        Assert.All(members, member => Assert.False(member.IsLeaving));
    }

    /// <summary>Details are read once.</summary>
    [Fact]
    public async Task Details_of_members_that_are_known_are_not_read()
    {
        var lease = await JoinAsync(0, details: "first");
        var other = await JoinAsync(1, details: "second");
        Assert.Equal([null, "second"], await Details(lease));
        Assert.Equal([null, null], await Details(other));
        Assert.Equal(["first", "second"], await Details(lease - 1));

        async Task<IEnumerable<string?>> Details(long known) =>
            (await MembersAsync(0, lease, knownUpTo: known)).OrderBy(member => member.Lease).Select(member => member.Details);
    }

    /// <summary>Two processes of one machine may have one name.</summary>
    [Fact]
    public async Task Hosts_with_the_same_name_are_different_members()
    {
        var lease = await JoinAsync(0, "same");
        var other = await JoinAsync(1, "same");
        Assert.Equal([lease, other], (await MembersAsync(0, lease)).Select(member => member.Lease).Order());
    }

    /// <summary>A host that is about to stop gets no shards.</summary>
    [Fact]
    public async Task That_a_host_is_leaving_is_seen_by_others_until_it_takes_it_back()
    {
        var lease = await JoinAsync(0);
        var other = await JoinAsync(1);
        foreach (var isLeaving in new[] { true, false, true })
        {
            var own = Assert.Single(await MembersAsync(0, lease, isLeaving: isLeaving), member => member.Lease == lease);
            var seen = Assert.Single(await MembersAsync(1, other), member => member.Lease == lease);
            Assert.Equal((isLeaving, isLeaving), (own.IsLeaving, seen.IsLeaving));
        }
    }

    /// <summary>A renewed lease counts from the renewal.</summary>
    [Fact]
    public async Task A_renewed_lease_lasts_its_whole_length_again()
    {
        var lease = await JoinAsync(0);
        for (var n = 0; n < 3; n++)
        {
            await AdvanceAsync(Lease * 0.6);
            Assert.NotNull(await RenewAsync(0, lease));
        }
    }

    /// <summary>Others may have taken its shards.</summary>
    [Fact]
    public async Task A_lease_that_has_expired_is_never_renewed()
    {
        var late = await JoinAsync(0);
        await ExpireAsync();
        Assert.Null(await RenewAsync(0, late));
        var other = await JoinAsync(1);
        Assert.Null(await RenewAsync(0, late));
        Assert.Equal(other, Assert.Single(await MembersAsync(1, other)).Lease);
    }

    /// <summary>A lease that has ended stays so.</summary>
    [Fact]
    public async Task A_lease_that_has_ended_or_never_was_is_not_renewed()
    {
        var lease = await JoinAsync(0);
        var other = await JoinAsync(1);
        await Of(0).LeaveAsync(lease, default);
        await Of(0).LeaveAsync(lease, default); // harmless
        await Of(0).LeaveAsync(other + 1, default);
        Assert.Null(await RenewAsync(0, lease));
        Assert.Null(await RenewAsync(0, other + 1));
        Assert.Equal(other, Assert.Single(await MembersAsync(1, other)).Lease);
    }

    /// <summary>Applications share a server, and nothing else.</summary>
    [Fact]
    public async Task Applications_are_kept_apart()
    {
        var application = _application + "-other";
        var (lease, other) = (await JoinAsync(0), await JoinAsync(1, application: application));
        for (var n = 0; n < 2; n++)
        {
            await AdvanceAsync(Lease * 0.6);
            Assert.Equal(lease, Assert.Single(await MembersAsync(0, lease)).Lease);
            Assert.Equal(other, Assert.Single(await MembersAsync(1, other, application: application)).Lease);
        }

        await TakeAsync(0, lease, 3);
        Assert.Empty(await Of(1, application).ReadAsync([Shard(3)], default));
        Assert.Empty(await Of(1, application).ReadOwnersAsync(null, default));
        Assert.NotNull(await TryTakeAsync(1, other, 3, 0, application));
        Assert.Equal(0, (await TryJoinAsync(0, cluster: "green", application: application)).Lease);
    }

    /// <summary>Nothing is stored for a cancelled call.</summary>
    [Fact]
    public async Task A_cancelled_call_throws()
    {
        var (lease, cancelled) = (await StartAsync(), new CancellationToken(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Of(0).RenewAsync(new() { Lease = lease }, cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Of(0).TakeAsync(lease, [new() { Id = Shard(0), Epoch = 0 }], cancelled).AsTask());
        Assert.NotNull(await RenewAsync(0, lease));
    }
}
