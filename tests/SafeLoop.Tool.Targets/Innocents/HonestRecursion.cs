namespace Targets.Innocents;

/// <summary>Recursion that ends: it walks down as deep as asked for.</summary>
internal sealed class HonestRecursion : ITarget
{
    public Task RunAsync(Work work) => WalkAsync(work, work.Count);

    private static async Task<int> WalkAsync(Work work, int left)
    {
        await work.StepAsync();
        return left == 0 ? 0 : 1 + await WalkAsync(work, left - 1);
    }
}
