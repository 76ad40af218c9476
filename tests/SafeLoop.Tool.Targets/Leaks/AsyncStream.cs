namespace Targets.Leaks;

internal sealed class AsyncStream : ITarget
{
    public async Task RunAsync(Work work)
    {
        await foreach (var reading in ReadAsync(work))
            _ = reading;
    }

    private static async IAsyncEnumerable<int> ReadAsync(Work work)
    {
        await work.StepAsync();
        await foreach (var reading in ReadAsync(work)) // recurs
            yield return reading;
    }
}
