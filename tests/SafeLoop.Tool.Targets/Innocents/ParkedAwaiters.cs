namespace Targets.Innocents;

internal sealed class ParkedAwaiters : ITarget
{
    private readonly TaskCompletionSource _gate = new();

    public Task RunAsync(Work work)
    {
        var all = Task.WhenAll(Enumerable.Range(0, work.Count).Select(_ => ParkAsync()));
        Work.Ready();
        return all;
    }

    private async Task ParkAsync() => await _gate.Task;
}
