namespace Targets.Leaks;

/// <summary>Not one long chain but one of 391 for each of many devices.</summary>
internal sealed class ManyShortChains : ITarget
{
    private const int Depth = 391;

    public Task RunAsync(Work work)
    {
        var steps = new Work(work.Count * Depth);
        return Task.WhenAll(Enumerable.Range(0, work.Count).Select(device => PollAsync(steps, device, Depth)));
    }

    private static async Task PollAsync(Work work, int device, int left)
    {
        if (left > 1)
            await Task.Yield();
        else
            await work.StepsAsync(Depth);
        await PollAsync(work, device, left - 1); // recurs
    }
}
