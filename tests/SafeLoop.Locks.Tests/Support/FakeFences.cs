namespace SafeLoop.Locks.Tests;

internal sealed class FakeFences : IFenceStore
{
    private long _last;

    public Func<Task> Next { get; set; } = () => Task.CompletedTask;

    public Func<Task<bool>> IsLast { get; set; } = () => Task.FromResult(true);

    /// <summary>The number of the holder; null: the store does not say it.</summary>
    public Func<Task<long>>? Last { get; set; }

    public async ValueTask<Fence> NextAsync(string name, string? task, CancellationToken cancellationToken)
    {
        await Next();
        return new() { Token = ++_last };
    }

    public async ValueTask<bool> IsLastAsync(string name, long token, CancellationToken cancellationToken) => await IsLast();

    public async ValueTask<long> LastAsync(string name, CancellationToken cancellationToken)
    {
        if (Last is { } last)
            return await last();
        await IsLast();
        return 0;
    }

    public ValueTask<bool> RecordAsync(
        string name, string task, long token, DateTimeOffset slot, CancellationToken cancellationToken) => new(true);
}
