namespace Targets.Leaks;

/// <summary>The method does not name itself: one that returns its task stands between.</summary>
internal sealed class ThroughHelper : ITarget
{
    public Task RunAsync(Work work) => PollAsync(work);

    private static async Task PollAsync(Work work)
    {
        await work.StepAsync();
        await NextAsync(work); // recurs
    }

    private static Task NextAsync(Work work) => PollAsync(work);
}
