namespace Targets.Leaks;

internal sealed class Mutual : ITarget
{
    public Task RunAsync(Work work) => ReadAsync(work);

    private static async Task ReadAsync(Work work)
    {
        await work.StepAsync();
        await SaveAsync(work); // recurs
    }

    private static async Task SaveAsync(Work work)
    {
        await work.StepAsync();
        await ReadAsync(work); // recurs too
    }
}
