namespace SafeLoop.Tests.Keys;

/// <summary>A keyed task that records which device ran when, and runs the step of the test.</summary>
internal sealed class Visit(VirtualClock clock, Visit.Script script) : IRecurringTask<Device>
{
    public ValueTask RunAsync(Device key, Iteration iteration, CancellationToken cancellationToken)
    {
        script.Runs.Add((key.Id, (clock.GetUtcNow() - LoopHost.Start).TotalSeconds));
        return script.Step(key);
    }

    public sealed class Script
    {
        public List<(int Id, double Second)> Runs { get; } = [];

        public Func<Device, ValueTask> Step { get; set; } = static _ => default;

        public double[] Of(int id) => [.. Runs.Where(run => run.Id == id).Select(run => run.Second)];
    }
}
