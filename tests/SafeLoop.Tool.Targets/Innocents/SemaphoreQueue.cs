namespace Targets.Innocents;

internal sealed class SemaphoreQueue : ITarget
{
    private readonly SemaphoreSlim _one = new(0, 1);

    public Task RunAsync(Work work)
    {
        var all = Task.WhenAll(Enumerable.Range(0, work.Count).Select(_ => EnterAsync()));
        Work.Ready();
        return all;
    }

    private async Task EnterAsync()
    {
        await _one.WaitAsync();
        _one.Release();
    }
}
