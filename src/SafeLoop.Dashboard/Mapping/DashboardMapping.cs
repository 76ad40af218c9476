using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard;

/// <summary>One call of MapRecurringTasks, as its endpoints see it. It is also metadata of each of them.</summary>
/// <param name="services">The services of the application.</param>
/// <param name="grants">What was granted.</param>
/// <param name="prefix">The path below which everything lies, with a leading slash.</param>
internal sealed class DashboardMapping(IServiceProvider services, Grants grants, string prefix)
{
    public IServiceProvider Services => services;

    public Grants Grants => grants;

    public string Prefix => prefix;

    /// <summary>What the store has of all tasks, for all viewers.</summary>
    public StoredTasks Stored { get; } = new(
        services.GetRequiredService<IRecurringTaskReader>(), services.GetRequiredService<TimeProvider>());
}
