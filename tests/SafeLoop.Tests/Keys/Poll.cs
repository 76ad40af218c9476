using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>A keyed task that writes down which key ran when, and does what the test says.</summary>
internal sealed class Poll(VirtualClock clock, Poll.Script script) : IRecurringTask<string>
{
    public async ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken)
    {
        script.Runs.Add((key, (int)(clock.GetUtcNow() - LoopHost.Start).TotalSeconds));
        script.Iterations.Add((key, iteration.Number));
        await script.Step(key, iteration, cancellationToken);
    }

    public sealed class Script
    {
        public List<(string Key, int Second)> Runs { get; } = [];

        public List<(string Key, long Number)> Iterations { get; } = [];

        public Func<string, Iteration, CancellationToken, ValueTask> Step { get; set; } =
            static (_, _, _) => ValueTask.CompletedTask;

        public int[] Of(string key) => [.. Runs.Where(run => run.Key == key).Select(run => run.Second)];
    }
}

/// <summary>A host with that task.</summary>
internal sealed class PollHost : IDisposable
{
    public PollHost(
        Action<IRecurringTaskBuilder> configure, Dictionary<string, string?>? settings = null, bool start = true,
        Action<IServiceCollection>? more = null)
    {
        Host = new LoopHost(
            services =>
            {
                services.AddSingleton(Script);
                configure(services.AddRecurringTask<Poll, string>());
                more?.Invoke(services);
            },
            settings: settings);
        if (start)
            Host.StartHost();
    }

    public LoopHost Host { get; }

    public Poll.Script Script { get; } = new();

    public IRecurringTaskKeys<Poll, string> Keys => Host.Services.GetRequiredService<IRecurringTaskKeys<Poll, string>>();

    public void Add(params string[] keys)
    {
        foreach (var key in keys)
            Assert.True(Keys.TryAdd(key));
        Host.Settle();
    }

    /// <summary>Gives a key its own runner, and returns its handle.</summary>
    public RecurringTaskHandle Pin(string key)
    {
        _ = Keys.Find(key)!.Completion;
        return Keys.Find(key)!;
    }

    public void Advance(int seconds) => Host.Advance(TimeSpan.FromSeconds(seconds));

    public IReadOnlyList<LoopEvent> Ended(string key) =>
        [.. Host.Observer.Of(LoopEventKind.IterationEnded).Where(e => Equals(e.Key, key))];

    public void Dispose() => Host.Dispose();
}
