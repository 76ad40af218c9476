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

    [Fact]
    public void A_memory_that_belongs_to_another_watermark_is_stale()
    {
        // An owner was lost after its progress, and the next one before it had any: the row has the later watermark.
        var origin = ShardOrigin.From(Stored(lease: 8, Later), []);

        Assert.Equal((null, Later, Exceptions), (origin.Memory, origin.Watermark, origin.Exceptions));
    }

    [Fact]
    public void A_memory_too_short_to_be_one_is_none() => Assert.Null(GivenMemory.Unwrap([1, 2, 3], null));

    private static StoredShard Stored(long lease, DateTimeOffset watermark) => new()
    {
        Id = Id,
        Epoch = 9,
        Lease = lease,
        Memory = GivenMemory.Wrap(Memory, Given),
        Watermark = watermark,
        Exceptions = Exceptions,
    };
}
