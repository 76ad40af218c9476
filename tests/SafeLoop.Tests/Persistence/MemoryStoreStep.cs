using SafeLoop.Storage;

namespace SafeLoop.Tests.Persistence;

/// <summary>Passes its iterations on, with the store of its host.</summary>
internal sealed class MemoryStoreStep(Action<Iteration, IRecurringTaskStore> run, IRecurringTaskStore store) : IRecurringTask
{
    public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken)
    {
        run(iteration, store);
        return ValueTask.CompletedTask;
    }
}
