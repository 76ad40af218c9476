namespace SafeLoop.Testing;

public abstract partial class ShardStoreContract
{
    /// <summary>What the store does not know, other hosts may still run.</summary>
    [Fact]
    public async Task A_store_that_knows_nothing_of_the_cluster_takes_no_shard_before_the_longest_lease_has_passed()
    {
        var joined = await TryJoinAsync(0);
        Assert.InRange(joined.Wait, TimeSpan.FromTicks(1), Lease);
        Assert.Null(await TryTakeAsync(0, joined.Lease, 0, 0));
        await AdvanceAsync(Lease * 0.6);
        Assert.NotNull(await RenewAsync(0, joined.Lease));
        Assert.Null(await TryTakeAsync(0, joined.Lease, 0, 0));
        await AdvanceAsync(Lease * 0.6);
        Assert.NotNull(await RenewAsync(0, joined.Lease));
        Assert.NotNull(await TryTakeAsync(0, joined.Lease, 0, 0));
        Assert.Equal(TimeSpan.Zero, (await TryJoinAsync(1)).Wait);
    }

    /// <summary>A shard has at most one owner.</summary>
    [Fact]
    public async Task A_shard_that_a_live_lease_owns_is_not_taken()
    {
        var (lease, other) = (await StartAsync(), await JoinAsync(1));
        var epoch = await TakeAsync(0, lease, 0);
        Assert.Null(await TryTakeAsync(1, other, 0, 0));
        Assert.Null(await TryTakeAsync(1, other, 0, epoch));
        Assert.Equal((epoch, lease, true), (await ReadAsync(0)) is var read ? (read.Epoch, read.Lease, read.IsOwned) : default);
    }

    /// <summary>The loops of a dead host go on elsewhere.</summary>
    [Fact]
    public async Task A_shard_whose_owner_has_expired_is_taken_with_a_greater_epoch()
    {
        var lease = await StartAsync();
        var epoch = await TakeAsync(0, lease, 0);
        await ExpireAsync();
        var other = await JoinAsync(1);
        Assert.Null(await TryTakeAsync(1, other, 0, 0));
        Assert.Null(await TryTakeAsync(1, other, 0, epoch - 1));
        Assert.True(await TryTakeAsync(1, other, 0, epoch) > epoch);
        Assert.False(await GiveAsync(0, lease, 0, epoch));
        Assert.False(await SaveAsync(0, lease, 0, epoch, [1]));
        Assert.Equal(other, (await ReadAsync(0)).Lease);
    }

    /// <summary>A host that has stopped does not keep others waiting.</summary>
    [Fact]
    public async Task What_a_host_that_has_left_still_owns_is_taken_at_once()
    {
        var (lease, other) = (await StartAsync(), await JoinAsync(1));
        var epoch = await TakeAsync(0, lease, 0);
        await Of(0).LeaveAsync(lease, default);
        Assert.True(await TryTakeAsync(1, other, 0, epoch) > epoch);
    }

    /// <summary>An answer that was lost must not lose the shard.</summary>
    [Fact]
    public async Task An_owner_takes_its_own_shard_again_with_a_greater_epoch()
    {
        var lease = await StartAsync();
        var epoch = await TakeAsync(0, lease, 0);
        var again = await TryTakeAsync(0, lease, 0, epoch);
        Assert.True(again > epoch);
        Assert.Null(await TryTakeAsync(0, lease, 0, epoch));
        Assert.False(await GiveAsync(0, lease, 0, epoch));
        Assert.True(await GiveAsync(0, lease, 0, again!.Value));
    }

    /// <summary>Its host could not prove that it owns the shard.</summary>
    [Fact]
    public async Task A_lease_that_is_not_live_takes_nothing()
    {
        var (late, left) = (await StartAsync(), await JoinAsync(1));
        var epoch = await TakeAsync(0, late, 0);
        await Of(1).LeaveAsync(left, default);
        await ExpireAsync();
        var live = await JoinAsync(1);
        foreach (var lease in new[] { late, left, live + 1, 0 })
        {
            Assert.Null(await TryTakeAsync(0, lease, 0, epoch));
            Assert.Null(await TryTakeAsync(0, lease, 1, 0));
        }
        Assert.Equal(late, (await ReadAsync(0)).Lease);
        Assert.Empty(await Of(0).ReadAsync([Shard(1)], default));
    }

    /// <summary>An epoch that was never given is wrong.</summary>
    [Fact]
    public async Task A_shard_that_was_never_taken_has_the_epoch_zero()
    {
        var lease = await StartAsync();
        Assert.Null(await TryTakeAsync(0, lease, 0, 1));
        Assert.NotNull(await TryTakeAsync(0, lease, 0, 0));
    }

    /// <summary>Each shard of a batch is decided for itself.</summary>
    [Fact]
    public async Task A_batch_takes_what_can_be_taken()
    {
        var (lease, other) = (await StartAsync(), await JoinAsync(1));
        var held = await TakeAsync(1, other, 1);
        var own = await TakeAsync(0, lease, 2);
        Assert.True(await GiveAsync(0, lease, 2, own));

        ShardTake[] wanted =
        [
            new() { Id = Shard(3), Epoch = 0 }, new() { Id = Shard(2), Epoch = own }, new() { Id = Shard(1), Epoch = held },
            new() { Id = Shard(0), Epoch = 0 }, new() { Id = Shard(0, "Nightly"), Epoch = 0 }, new() { Id = Shard(4), Epoch = 7 },
        ];
        var taken = await Of(0).TakeAsync(lease, wanted, default);
        Assert.Equal(
            [Shard(0, "Nightly"), Shard(0), Shard(2), Shard(3)],
            taken.Select(shard => shard.Id).OrderBy(id => id.Task, StringComparer.Ordinal).ThenBy(id => id.Index));
        Assert.Equal(other, (await ReadAsync(1)).Lease);
        Assert.Empty(await Of(0).TakeAsync(lease, [], default));
    }

    /// <summary>One shard is one ownership.</summary>
    [Fact]
    public async Task A_batch_that_names_a_shard_twice_is_refused()
    {
        var lease = await StartAsync();
        ShardTake twice = new() { Id = Shard(0), Epoch = 0 };
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Of(0).TakeAsync(lease, [twice, twice], default).AsTask());
        Assert.Empty(await Of(0).ReadAsync([Shard(0)], default));

        ShardState state = new() { Id = Shard(0), Epoch = await TakeAsync(0, lease, 0), Exceptions = [1] };
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Of(0).SaveAsync(lease, [state, state], default).AsTask());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Of(0).GiveAsync(lease, [state, state], default).AsTask());
        Assert.True((await ReadAsync(0)).IsOwned);
    }

    /// <summary>There is one winner, in whatever order the shards are named.</summary>
    [Fact]
    public async Task Of_hosts_that_race_for_shards_one_wins_each()
    {
        var first = await StartAsync();
        long[] leases = [first, .. await Task.WhenAll(Enumerable.Range(1, 7).Select(client => JoinAsync(client)))];
        var epochs = new long[24];
        for (var round = 0; round < 3; round++)
        {
            var wanted = epochs.Select((epoch, index) => new ShardTake { Id = Shard(index), Epoch = epoch }).ToArray();
            var taken = await Task.WhenAll(leases.Select((lease, client) => Task.Run(async () =>
            {
                var order = wanted.ToArray();
                new Random(client).Shuffle(order);
                return (lease, await Of(client).TakeAsync(lease, order, default));
            }))).WaitAsync(Patience);

            var winners = taken.SelectMany(won => won.Item2, (won, shard) => (shard.Id, shard.Epoch, won.lease)).ToArray();
            Assert.Equal(
                winners.Length, winners.Select(winner => winner.Id).Distinct().Count());
            foreach (var (id, epoch, lease) in winners)
            {
                Assert.True(epoch > epochs[id.Index], $"The epoch {epoch} does not come after {epochs[id.Index]}.");
                var read = await ReadAsync(id.Index);
                Assert.Equal((epoch, lease), (read.Epoch, read.Lease));
                Assert.True(await GiveAsync(0, lease, id.Index, epoch));
                epochs[id.Index] = epoch;
            }
            Assert.Equal(epochs.Length, winners.Length);
            foreach (var (lease, client) in leases.Select((lease, client) => (lease, client)))
                Assert.NotNull(await RenewAsync(client, lease));
        }
    }

    /// <summary>A fenced store accepts the later owner.</summary>
    [Fact]
    public async Task The_epochs_of_a_shard_ascend_however_its_owners_end()
    {
        var (lease, epoch) = (await StartAsync(), 0L);
        for (var n = 0; n < 8; n++)
        {
            epoch = await TakeAsync(0, lease, 0, epoch); // checks that it is greater
            if (n % 4 == 0)
            {
                Assert.True(await GiveAsync(0, lease, 0, epoch));
            }
            else if (n % 4 < 3)
            {
                await (n % 4 == 1 ? Of(0).LeaveAsync(lease, default).AsTask() : ExpireAsync());
                lease = await JoinAsync(0);
            }
        }
    }
}
