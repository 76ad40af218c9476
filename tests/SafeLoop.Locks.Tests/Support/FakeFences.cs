namespace SafeLoop.Locks.Tests;

internal sealed class FakeFences : IFenceStore
{
    private long _last;

    public Func<Task> Next { get; set; } = () => Task.CompletedTask;

    public Func<Task<bool>> IsLast { get; set; } = () => Task.FromResult(true);

    public async ValueTask<Fence> NextAsync(string name, string? task, CancellationToken cancellationToken)
    {
        await Next();
        return new() { Token = ++_last };
    }

    public async ValueTask<bool> IsLastAsync(string name, long token, CancellationToken cancellationToken) => await IsLast();

    public ValueTask<bool> RecordAsync(
        string name, string task, long token, DateTimeOffset slot, CancellationToken cancellationToken) => new(true);
}
