namespace SafeLoop.Tests.Silos;

/// <summary>A keyed task that records its iterations.</summary>
internal sealed class VisitKey(Visits visits, SiloName silo) : IRecurringTask<int>
{
    public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken)
    {
        visits.Add(new(silo.Text, $"{key}", iteration.Slot, iteration.IsManual, iteration.FencingToken));
        return ValueTask.CompletedTask;
    }
}
