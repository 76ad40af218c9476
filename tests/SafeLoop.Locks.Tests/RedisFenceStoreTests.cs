namespace SafeLoop.Locks.Tests;

/// <summary>What the store says of names without asking a server.</summary>
public class RedisFenceStoreTests
{
    private readonly List<object> _keys = [];

    [Theory]
    [InlineData("safeloop:fence:")]
    [InlineData("shop:")]
    public async Task A_lock_that_could_be_the_fence_of_another_is_refused_with_a_sentence(string prefix)
    {
        var store = new RedisFenceStore(AnswerAsync, prefix);

        var error = await Assert.ThrowsAsync<ArgumentException>(() => store.NextAsync($"{prefix}orders", null, default).AsTask());
        Assert.StartsWith(
            $"The lock '{prefix}orders' begins with '{prefix}' and could be the fence of another lock in Redis. "
            + "Rename it, or give RedisFenceStore another prefix.",
            error.Message);
        // The lease of a held lock calls this too.
        await Assert.ThrowsAsync<ArgumentException>(() => store.IsLastAsync($"{prefix}orders", 0, default).AsTask());
        Assert.Empty(_keys);
    }

    [Fact]
    public async Task Other_names_are_fences_of_their_own()
    {
        await new RedisFenceStore(AnswerAsync).NextAsync("orders/b%2Fc", null, default);
        await new RedisFenceStore(AnswerAsync, "").NextAsync("orders", null, default);

        Assert.Equal(["safeloop:fence:orders/b%2Fc", "orders"], _keys);
    }

    private Task<string?> AnswerAsync(string command, object[] arguments)
    {
        _keys.Add(arguments[2]);
        return Task.FromResult<string?>("1 ");
    }
}
