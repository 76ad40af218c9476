namespace SafeLoop.Tests.Shards;

/// <summary>A keyed task that records which host ran which slot of which key, and then does what the test wants.</summary>
internal sealed class Tick(Tick.Journal journal, Tick.Place place) : IRecurringTask<int>
{
    public async ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken)
    {
        journal.Add(new(
            place.Host, key, iteration.Slot, iteration.Number, iteration.ConsecutiveFailures, iteration.FencingToken));
        await journal.Step(place.Host, key, iteration, cancellationToken);
    }

    public sealed record Place(string Host);

    public sealed record Run(string Host, int Key, DateTimeOffset Slot, long Number, int Failures, long Token)
    {
        public double Second => (Slot - LoopHost.Start).TotalSeconds;
    }

    public sealed class Journal
    {
        private readonly List<Run> _runs = [];

        public Func<string, int, Iteration, CancellationToken, ValueTask> Step { get; set; } = static (_, _, _, _) => default;

        public IReadOnlyList<Run> Runs
        {
            get
            {
                lock (_runs)
                    return [.. _runs];
            }
        }

        public void Add(Run run)
        {
            lock (_runs)
                _runs.Add(run);
        }

        /// <summary>What ran of a key, as "host second".</summary>
        public string[] Of(int key) => [.. Runs.Where(run => run.Key == key).Select(run => $"{run.Host} {run.Second}")];
    }
}
