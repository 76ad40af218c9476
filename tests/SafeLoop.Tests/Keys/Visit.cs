using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>A device with a period, a cron expression and a zone of its own. Two are the same if their ids are.</summary>
internal sealed record Device(int Id)
{
    public TimeSpan Period { get; set; } = 10.Seconds;

    public string? Cron { get; set; } = "* * * * *";

    public string? Zone { get; set; }

    public bool Equals(Device? other) => Id == other?.Id;

    public override int GetHashCode() => Id;

    public override string ToString() => $"device {Id}";
}

/// <summary>A keyed task that writes down which device ran when, and does what the test says.</summary>
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

/// <summary>A host with that task.</summary>
internal sealed class VisitHost : IDisposable
{
    public VisitHost(Action<IRecurringTaskBuilder<Device>> configure, Dictionary<string, string?>? settings = null, bool start = true)
    {
        Host = new LoopHost(
            services =>
            {
                services.AddSingleton(Script);
                configure(services.AddRecurringTask<Visit, Device>());
            },
            settings: settings);
        if (start)
            Host.StartHost();
    }

    public LoopHost Host { get; }

    public Visit.Script Script { get; } = new();

    public IRecurringTaskKeys<Visit, Device> Keys => Host.Services.GetRequiredService<IRecurringTaskKeys<Visit, Device>>();

    public void Add(params Device[] keys)
    {
        foreach (var key in keys)
            Assert.True(Keys.TryAdd(key));
        Host.Settle();
    }

    public void Advance(double seconds) => Host.Advance(TimeSpan.FromSeconds(seconds));

    public void Set(string setting, string? value)
    {
        Host.Configuration[$"RecurringTasks:visit:{setting}"] = value;
        Host.Configuration.Reload();
        Host.Settle();
    }

    public IReadOnlyList<IterationRecord> Records(Device key) =>
        [.. Host.Observer.Of(LoopEventKind.IterationEnded).Where(e => Equals(e.Key, key)).Select(e => e.Record)];

    public void Dispose() => Host.Dispose();
}
