namespace SafeLoop.Tool.Tests.Source;

/// <summary>Methods whose heads are hard to distinguish from the lines around them. Never run: their symbols are read.</summary>
internal sealed class Heads
{
    public async Task CommentedAsync()
    {
        // CommentedAsync() is called again at the end.
        /* So is
         * CommentedAsync() here. */
        await Task.Yield();
        await CommentedAsync();
    }

    public Task OverloadedAsync(int times)
    {
        return Task.FromResult(times);
    }

    public async Task<int> OverloadedAsync() => await NextAsync(await OverloadedAsync());

    public async Task ManyLinesAsync(
        int first,
        int second)
    {
        var next = OverloadedAsync(first);
        await next;
        await ManyLinesAsync(second, first);
    }

    private Task<int> NextAsync(int seen) => Task.FromResult(seen);
}
