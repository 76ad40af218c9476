namespace SafeLoop.Tests.Ownership;

public class ShardOriginTests
{
    private static readonly DateTimeOffset Given = LoopHost.Start, Later = LoopHost.Start.AddSeconds(30);

    private static readonly byte[] Memory = [1, 2, 3], Exceptions = [4];

    private static readonly ShardId Id = new("poll", 3);

    [Fact]
    public void A_shard_that_was_given_away_goes_on_with_its_memory()
    {
        var origin = ShardOrigin.From(Stored(lease: 0, Given), []);

        Assert.Equal(Memory, origin.Memory);
        Assert.Equal((Given, Exceptions), (origin.Watermark, origin.Exceptions));
    }

    [Fact]
    public void A_shard_whose_owner_is_gone_goes_on_at_its_last_progress_without_the_memory()
    {
        var origin = ShardOrigin.From(Stored(lease: 7, Given), [new(Id, 9, Later), new(new("poll", 2), 8, Given)]);

        Assert.Equal((null, Later, Exceptions), (origin.Memory, origin.Watermark, origin.Exceptions));
    }

    [Theory]
    [InlineData("poll", 3, 8)] // an earlier ownership
    [InlineData("poll", 4, 9)]
    [InlineData("other", 3, 9)]
    public void An_owner_that_was_lost_before_its_first_progress_has_changed_nothing(string task, int index, long epoch)
    {
        var origin = ShardOrigin.From(Stored(lease: 7, Given), [new(new(task, index), epoch, Later)]);

        Assert.Equal(Memory, origin.Memory);
        Assert.Equal(Given, origin.Watermark);
    }

    private static StoredShard Stored(long lease, DateTimeOffset watermark) => new()
    {
        Id = Id,
        Epoch = 9,
        Lease = lease,
        Memory = Memory,
        Watermark = watermark,
        Exceptions = Exceptions,
    };
}
