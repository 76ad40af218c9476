using System.Runtime.CompilerServices;

namespace Targets.Leaks;

internal sealed class PooledValueTask : ITarget
{
    public Task RunAsync(Work work) => PollAsync(work).AsTask();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask PollAsync(Work work)
    {
        await work.StepAsync();
        await PollAsync(work); // recurs
    }
}
