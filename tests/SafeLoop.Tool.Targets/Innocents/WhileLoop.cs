namespace Targets.Innocents;

internal sealed class WhileLoop : ITarget
{
    public async Task RunAsync(Work work)
    {
        while (true)
            await work.StepAsync();
    }
}
