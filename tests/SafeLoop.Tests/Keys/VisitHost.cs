using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>A host with the task <see cref="Visit"/>.</summary>
internal sealed class VisitHost : IDisposable
{
    public VisitHost(
        Action<IRecurringTaskBuilder<Device>> configure, Dictionary<string, string?>? settings = null, bool start = true)
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
