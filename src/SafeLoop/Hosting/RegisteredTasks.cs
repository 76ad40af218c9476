using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>All tasks of a service collection in one service: ten thousand services would each be made, kept and asked about every other.</summary>
/// <remarks>Replaced by each change, at the end of the collection, where the next change finds it at once.</remarks>
internal sealed class RegisteredTasks
{
    private readonly ImmutableList<RegisteredTask> _all;
    private readonly VerbPlace? _place; // the last in the collection, up to here
    private readonly Lazy<Dictionary<string, RegisteredTask>> _byName;

    private RegisteredTasks(ImmutableList<RegisteredTask> all, VerbPlace? place)
    {
        (_all, _place) = (all, place);
        _byName = new(() => all.DistinctBy(task => task.Name).ToDictionary(task => task.Name));
    }

    public static RegisteredTasks None { get; } = new([], null);

    /// <summary>In the order in which they were registered.</summary>
    public IReadOnlyList<RegisteredTask> All => _all;

    /// <summary>Null: there is none of this name. Of several, which is an error told at start-up, the first.</summary>
    public RegisteredTask? Find(string name) => _byName.Value.GetValueOrDefault(name);

    public static bool AreIn(IServiceCollection services) => services.LastOrDefault(service => Of(service) is not null) is not null;

    /// <summary>
    /// True when a host has the registrations of these services; false when it was built from a copy that was changed since.
    /// </summary>
    public static bool AreSame(IServiceCollection services, IEnumerable<RegisteredTasks> resolved) =>
        services.Select(Of).OfType<RegisteredTasks>().SequenceEqual(resolved, ReferenceEqualityComparer.Instance);

    public static void Add(IServiceCollection services, RegisteredTask task) => Put(services, null, task, LastPlaceIn(services));

    public static void Replace(IServiceCollection services, RegisteredTask before, RegisteredTask task) => Put(services, before, task, LastPlaceIn(services));

    /// <summary>Where a verb acts that is called now; a new place, if something else that configures the options has come after the last.</summary>
    public static VerbPlace PlaceIn(IServiceCollection services)
    {
        if (LastPlaceIn(services) is { } last)
            return last;
        var place = new VerbPlace();
        services.AddSingleton<IConfigureOptions<RecurringTaskOptions>>(place.VerbsOf);
        return place;
    }

    private static void Put(IServiceCollection services, RegisteredTask? before, RegisteredTask task, VerbPlace? place)
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (Of(services[i]) is not { } tasks || tasks.Replaced(before, task) is not { } all)
                continue;
            services.RemoveAt(i);
            services.AddSingleton(new RegisteredTasks(all, place));
            return;
        }
    }

    private static VerbPlace? LastPlaceIn(IServiceCollection services)
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i].ServiceType == typeof(IConfigureOptions<RecurringTaskOptions>))
                return VerbPlace.Of(services[i]);
            if (Of(services[i])?._place is { } place && services.Any(service => VerbPlace.Of(service) == place)) // somebody may have removed it
                return place;
        }
        return null;
    }

    private static RegisteredTasks? Of(ServiceDescriptor service) => service.IsKeyedService ? null : service.ImplementationInstance as RegisteredTasks;

    private ImmutableList<RegisteredTask>? Replaced(RegisteredTask? before, RegisteredTask task)
    {
        if (before is null)
            return _all.Add(task);
        var index = _all.FindLastIndex(other => ReferenceEquals(other, before));
        return index < 0 ? null : _all.SetItem(index, task);
    }
}
