using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard;

/// <summary>One call of MapRecurringTasks, as its endpoints see it. It is also metadata of each of them.</summary>
internal sealed class DashboardMapping
{
    /// <param name="services">The services of the application.</param>
    /// <param name="grants">What was granted.</param>
    /// <param name="prefix">The path below which everything lies, with a leading slash.</param>
    public DashboardMapping(IServiceProvider services, Grants grants, string prefix)
    {
        (Services, Grants, Prefix) = (services, grants, prefix);
        Stored = new(services.GetRequiredService<IRecurringTaskReader>(), services.GetRequiredService<TimeProvider>());
        Events = new(services, Stored);
    }

    public IServiceProvider Services { get; }

    public Grants Grants { get; }

    public string Prefix { get; }

    /// <summary>What the store has of all tasks, for all viewers.</summary>
    public StoredTasks Stored { get; }

    /// <summary>Publishes to viewers what has changed.</summary>
    public EventHub Events { get; }
}
