namespace SafeLoop.Testing;

public abstract partial class ShardStoreContract
{
    /// <summary>Only a shard that was taken is stored.</summary>
    [Fact]
    public async Task Shards_are_read_that_were_ever_taken()
    {
        var lease = await StartAsync();
        Assert.Empty(await Of(0).ReadAsync([Shard(0), Shard(1)], default));
        Assert.Empty(await Of(0).ReadAsync([], default));
        Assert.Empty(await Of(0).ReadOwnersAsync(null, default));
        var epoch = await TakeAsync(0, lease, new() { Id = Shard(1), Epoch = 0, Watermark = Noon, Losses = 2 });

        var read = Assert.Single(await Of(1).ReadAsync([Shard(0), Shard(1)], default));
        Assert.Equal((Shard(1), epoch, lease, true), (read.Id, read.Epoch, read.Lease, read.IsOwned));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero, Noon, 2), (read.GoneFor, read.OwnedFor, read.Watermark, read.Losses));
        Assert.Equal((null, null, null), (read.Progress, read.Memory, read.Exceptions));
    }

    /// <summary>The next owner goes on where the last one was.</summary>
    [Fact]
    public async Task The_progress_of_an_owner_is_read_when_it_is_gone()
    {
        var (lease, other) = (await StartAsync(), await JoinAsync(1));
        await TakeAsync(0, lease, new() { Id = Shard(0), Epoch = 0, Watermark = Noon });
        await TakeAsync(1, other, 1);
        await RenewAsync(0, lease, [1, 2, 3]);
        await RenewAsync(0, lease, [0, 255, 7]);
        await RenewAsync(0, lease); // leaves it
        Assert.Null((await ReadAsync(0)).Progress);

        await ExpireAllButAsync(1, other);
        var read = await ReadAsync(0);
        Assert.Equal((lease, false, Noon), (read.Lease, read.IsOwned, read.Watermark));
        AssertBytes([0, 255, 7], read.Progress);
        Assert.InRange(read.GoneFor, TimeSpan.FromTicks(1), Lease * 0.6);
        Assert.InRange(read.OwnedFor, Lease * 0.9, Lease * 2);
        Assert.Null((await ReadAsync(1)).Progress);
        Assert.True((await ReadAsync(1)).IsOwned);
    }

    /// <summary>A shard that stays without an owner is not forgotten.</summary>
    [Fact]
    public async Task The_progress_of_a_gone_owner_is_kept_until_its_shard_is_taken()
    {
        var lease = await StartAsync();
        var epoch = await TakeAsync(0, lease, 0);
        await RenewAsync(0, lease, [9]);
        for (var n = 0; n < 3; n++)
        {
            await ExpireAsync();
            await JoinAsync(1);
        }
        AssertBytes([9], (await ReadAsync(0)).Progress);

        var next = await JoinAsync(1);
        epoch = await TakeAsync(1, next, 0, epoch);
        await ExpireAsync();
        var read = await ReadAsync(0);
        Assert.Equal((next, epoch, null), (read.Lease, read.Epoch, read.Progress)); // it has stored none
    }

    /// <summary>A planned move carries all.</summary>
    [Fact]
    public async Task A_shard_is_given_with_its_state_and_is_free_at_once()
    {
        var (lease, other) = (await StartAsync(), await JoinAsync(1));
        var epoch = await TakeAsync(0, lease, new() { Id = Shard(0), Epoch = 0, Watermark = Noon, Losses = 2 });
        await RenewAsync(0, lease, [9]);
        Assert.True(await GiveAsync(0, lease, new()
        {
            Id = Shard(0),
            Epoch = epoch,
            Memory = [0, 1, 255],
            Watermark = Noon.AddMinutes(1),
            Exceptions = [4],
            Losses = 1,
        }));

        var read = await ReadAsync(0);
        Assert.Equal((epoch, 0, false, 1), (read.Epoch, read.Lease, read.IsOwned, read.Losses));
        Assert.Equal(Noon.AddMinutes(1), read.Watermark);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero, null), (read.GoneFor, read.OwnedFor, read.Progress));
        AssertBytes([0, 1, 255], read.Memory);
        AssertBytes([4], read.Exceptions);
        Assert.False(await GiveAsync(0, lease, 0, epoch)); // it is given once

        Assert.NotNull(await TryTakeAsync(1, other, 0, epoch));
    }

    /// <summary>An owner that dies before its first progress leaves what it was given.</summary>
    [Fact]
    public async Task The_memory_that_was_given_outlives_a_take_and_goes_when_it_is_dropped()
    {
        var lease = await StartAsync();
        var epoch = await TakeAsync(0, lease, 0);
        Assert.True(await GiveAsync(0, lease, new() { Id = Shard(0), Epoch = epoch, Memory = [1], Exceptions = [2] }));
        epoch = await TakeAsync(0, lease, new() { Id = Shard(0), Epoch = epoch, Watermark = Noon });
        var read = await ReadAsync(0);
        AssertBytes([1], read.Memory);
        AssertBytes([2], read.Exceptions);
        Assert.Equal(Noon, read.Watermark);

        epoch = await TakeAsync(0, lease, new() { Id = Shard(0), Epoch = epoch, Watermark = Noon, DropsMemory = true });
        Assert.Null((await ReadAsync(0)).Memory);
        AssertBytes([2], (await ReadAsync(0)).Exceptions);

        Assert.True(await GiveAsync(0, lease, new() { Id = Shard(0), Epoch = epoch, Memory = [3] }));
        epoch = await TakeAsync(0, lease, 0, epoch);
        Assert.True(await GiveAsync(0, lease, 0, epoch)); // without memory
        read = await ReadAsync(0);
        Assert.Equal((null, null), (read.Memory, read.Watermark));
        AssertBytes([2], read.Exceptions);
    }

    /// <summary>Nothing has changed while no other host has taken it.</summary>
    [Fact]
    public async Task A_shard_can_be_given_although_the_lease_has_expired()
    {
        var lease = await StartAsync();
        var epoch = await TakeAsync(0, lease, 0);
        await ExpireAsync();
        await JoinAsync(1);
        Assert.True(await GiveAsync(0, lease, new() { Id = Shard(0), Epoch = epoch, Memory = [1] }));
        AssertBytes([1], (await ReadAsync(0)).Memory);
    }

    /// <summary>An owner gives its own.</summary>
    [Fact]
    public async Task A_shard_is_given_or_saved_only_with_its_epoch_and_by_its_owner()
    {
        var (lease, other) = (await StartAsync(), await JoinAsync(1));
        var epoch = await TakeAsync(0, lease, 0);
        foreach (var (by, with) in new[] { (lease, epoch - 1), (lease, epoch + 1), (lease, 0), (other, epoch), (0, epoch) })
        {
            Assert.False(await GiveAsync(0, by, 0, with));
            Assert.False(await SaveAsync(0, by, 0, with, [1]));
        }
        Assert.False(await GiveAsync(0, lease, 1, 0)); // never taken
        Assert.False(await SaveAsync(0, lease, 1, 0, [1]));
        var read = await ReadAsync(0);
        Assert.Equal((lease, epoch, null), (read.Lease, read.Epoch, read.Exceptions));
        Assert.True(await GiveAsync(0, lease, 0, epoch));
    }

    /// <summary>A batch is decided shard by shard.</summary>
    [Fact]
    public async Task A_batch_gives_and_saves_what_is_owned()
    {
        var lease = await StartAsync();
        ShardState[] states =
        [
            new() { Id = Shard(2), Epoch = await TakeAsync(0, lease, 2), Exceptions = [2], Memory = [22] },
            new() { Id = Shard(1), Epoch = await TakeAsync(0, lease, 1) - 1, Exceptions = [1], Memory = [11] },
            new() { Id = Shard(0), Epoch = await TakeAsync(0, lease, 0), Exceptions = [0], Memory = [0] },
        ];
        Assert.Equal([Shard(0), Shard(2)], (await Of(0).SaveAsync(lease, states, default)).OrderBy(id => id.Index));
        AssertBytes([0], (await ReadAsync(0)).Exceptions);
        Assert.Null((await ReadAsync(0)).Memory);
        Assert.Null((await ReadAsync(1)).Exceptions);
        Assert.Equal([Shard(0), Shard(2)], (await Of(0).GiveAsync(lease, states, default)).OrderBy(id => id.Index));
        AssertBytes([22], (await ReadAsync(2)).Memory);
        Assert.Equal(lease, (await ReadAsync(1)).Lease);
        Assert.Empty(await Of(0).GiveAsync(lease, [], default));
        Assert.Empty(await Of(0).SaveAsync(lease, [], default));
    }

    /// <summary>A key that has ended stays ended.</summary>
    [Fact]
    public async Task Exceptions_are_saved_beside_all_other_state()
    {
        var lease = await StartAsync();
        var epoch = await TakeAsync(0, lease, new() { Id = Shard(0), Epoch = 0, Watermark = Noon, Losses = 1 });
        Assert.True(await SaveAsync(0, lease, 0, epoch, [1, 2]));
        Assert.True(await SaveAsync(0, lease, 0, epoch, null)); // leaves them
        var read = await ReadAsync(0);
        AssertBytes([1, 2], read.Exceptions);
        Assert.Equal((Noon, 1, true, null), (read.Watermark, read.Losses, read.IsOwned, read.Memory));
        Assert.True(await SaveAsync(0, lease, 0, epoch, []));
        AssertBytes([], (await ReadAsync(0)).Exceptions);
    }

    /// <summary>Nothing and no bytes are different.</summary>
    [Fact]
    public async Task Bytes_and_times_are_stored_as_they_are()
    {
        var (lease, bytes) = (await StartAsync(), new byte[1 << 20]);
        new Random(1).NextBytes(bytes);
        var watermark = new DateTimeOffset(9876, 5, 4, 3, 2, 1, TimeSpan.Zero).AddTicks(1234567);
        var epoch = await TakeAsync(0, lease, 0);
        Assert.True(await GiveAsync(0, lease, new()
        {
            Id = Shard(0),
            Epoch = epoch,
            Memory = bytes,
            Watermark = watermark.ToOffset(TimeSpan.FromHours(5)),
            Exceptions = [],
        }));
        await RenewAsync(0, lease, []);
        epoch = await TakeAsync(0, lease, 1);
        await Of(0).LeaveAsync(lease, default);

        var read = await ReadAsync(0);
        AssertBytes(bytes, read.Memory);
        AssertBytes([], read.Exceptions);
        Assert.Equal(watermark, read.Watermark); // to the tick
        AssertBytes([], (await ReadAsync(1)).Progress);
    }

    /// <summary>A page of owners reads no state.</summary>
    [Fact]
    public async Task Owners_are_read_in_order_and_say_who_was_there_before()
    {
        var lease = await StartAsync(name: "north");
        var other = await JoinAsync(1, "south");
        foreach (var (task, index) in new[] { ("b", 0), (Nightly, 10), (Nightly, 2), ("a: \"{}\"\n", 0) })
            Assert.Single(await Of(0).TakeAsync(lease, [new() { Id = Shard(index, task), Epoch = 0, Losses = 1 }], default));

        var owners = await Of(1).ReadOwnersAsync(null, default);
        Assert.Equal(
            [Shard(0, "a: \"{}\"\n"), Shard(0, "b"), Shard(2), Shard(10)], owners.Select(owner => owner.Id));
        Assert.All(owners, owner => Assert.Equal(("north", true, 1), (owner.Owner, owner.IsOwned, owner.Losses)));
        Assert.All(owners, owner => Assert.Equal((null, false), (owner.Previous, owner.WasLost)));
        Assert.All(owners, owner => Assert.True(owner.Epoch > 0));
        Assert.Equal([Shard(2), Shard(10)], (await Of(1).ReadOwnersAsync(Nightly, default)).Select(owner => owner.Id));
        Assert.Empty(await Of(1).ReadOwnersAsync("night", default));

        var since = owners[2].Since;
        Assert.True(await GiveAsync(0, lease, 2, owners[2].Epoch));
        var owner = await Owner();
        Assert.Equal((null, false, "north", false, 0), (owner.Owner, owner.IsOwned, owner.Previous, owner.WasLost, owner.Losses));
        Assert.InRange(owner.Since, since, since + Patience);
        await TakeAsync(1, other, 2, owner.Epoch);
        owner = await Owner();
        Assert.Equal(("south", true, "north", false), (owner.Owner, owner.IsOwned, owner.Previous, owner.WasLost));

        await Of(1).LeaveAsync(other, default);
        owner = await Owner();
        Assert.Equal(("south", false), (owner.Owner, owner.IsOwned));
        await TakeAsync(0, lease, 2, owner.Epoch);
        owner = await Owner();
        Assert.Equal(("north", true, "south", true), (owner.Owner, owner.IsOwned, owner.Previous, owner.WasLost));

        async Task<ShardOwner> Owner() => (await Of(0).ReadOwnersAsync(Nightly, default))[0];
    }
}
