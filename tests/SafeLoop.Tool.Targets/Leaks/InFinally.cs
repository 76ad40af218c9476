namespace Targets.Leaks;

internal sealed class InFinally : ITarget
{
    public Task RunAsync(Work work) => PollAsync(work);

    private static async Task PollAsync(Work work)
    {
        try
        {
            await work.StepAsync();
        }
        finally
        {
            await PollAsync(work); // recurs
        }
    }
}
