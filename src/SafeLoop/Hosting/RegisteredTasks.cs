using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>
/// All tasks of a service collection in one service: ten thousand services would each be made, kept and asked about every other.
/// </summary>
/// <remarks>
/// Never changed, only replaced, so that a copy of the collection and a host that was built from it keep what they have. Each
/// change puts the new one at the end of the collection, where the next change finds it at once.
/// </remarks>
internal sealed class RegisteredTasks
{
    private readonly ImmutableList<RegisteredTask> _all;
    private readonly VerbPlace? _place; // the last in the collection, up to here
    private readonly int _placeIndex; // where it was in the collection
    private readonly Lazy<Dictionary<string, RegisteredTask>> _byName;

    private RegisteredTasks(ImmutableList<RegisteredTask> all, VerbPlace? place, int placeIndex)
    {
        (_all, _place, _placeIndex) = (all, place, placeIndex);
        _byName = new(() => all.DistinctBy(task => task.Name).ToDictionary(task => task.Name));
    }

    public static RegisteredTasks None { get; } = new([], null, -1);

    /// <summary>In the order in which they were registered.</summary>
    public IReadOnlyList<RegisteredTask> All => _all;

    /// <summary>Null: there is none of this name. Of several, which is an error reported at start-up, the first.</summary>
    public RegisteredTask? Find(string name) => _byName.Value.GetValueOrDefault(name);

    public static bool AreIn(IServiceCollection services) => services.LastOrDefault(service => Of(service) is not null) is not null;

    /// <summary>
    /// True when a host has the registrations of these services; false when it was built from a copy that was changed since.
    /// </summary>
    public static bool AreSame(IServiceCollection services, IEnumerable<RegisteredTasks> resolved) =>
        services.Select(Of).OfType<RegisteredTasks>().SequenceEqual(resolved, ReferenceEqualityComparer.Instance);

    /// <returns>The task as it is now; null when it is not in the collection.</returns>
    public static RegisteredTask? FindById(IServiceCollection services, long id) => FindLast(services, task => task.Id == id);

    /// <returns>The last task with this name, else the last that had it before it was renamed; null when there is none.</returns>
    public static RegisteredTask? FindByName(IServiceCollection services, string name) =>
        FindLast(services, task => name.Equals(task.Name, StringComparison.OrdinalIgnoreCase))
            ?? FindLast(services, task => task.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));

    public static void Add(IServiceCollection services, RegisteredTask task) => Put(services, all => all.Add(task));

    public static void Replace(IServiceCollection services, RegisteredTask task) => Put(services, all =>
        all.FindLastIndex(other => other.Id == task.Id) is >= 0 and var index ? all.SetItem(index, task) : null);

    /// <summary>Where a verb acts that is called now; a new place, if something else that configures the options has come after the last.</summary>
    public static VerbPlace PlaceIn(IServiceCollection services)
    {
        if (LastPlaceIn(services) is { Place: { } last })
            return last;
        var place = new VerbPlace();
        services.AddSingleton<IConfigureOptions<RecurringTaskOptions>>(place.VerbsOf);
        return place;
    }

    private static RegisteredTask? FindLast(IServiceCollection services, Predicate<RegisteredTask> isIt)
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (Of(services[i])?._all.FindLast(isIt) is { } task)
                return task;
        }
        return null;
    }

    // Collections that were joined have several.
    private static void Put(
        IServiceCollection services, Func<ImmutableList<RegisteredTask>, ImmutableList<RegisteredTask>?> change)
    {
        var (place, placeIndex) = LastPlaceIn(services);
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (Of(services[i]) is not { } tasks || change(tasks._all) is not { } all)
                continue;
            services.RemoveAt(i);
            services.AddSingleton(new RegisteredTasks(all, place, i < placeIndex ? placeIndex - 1 : placeIndex));
            return;
        }
    }

    private static (VerbPlace? Place, int Index) LastPlaceIn(IServiceCollection services)
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i].ServiceType == typeof(IConfigureOptions<RecurringTaskOptions>))
                return (VerbPlace.Of(services[i]), i);
            if (Of(services[i]) is { _place: not null } tasks && tasks.HasPlaceIn(services)) // somebody may have removed it
                return (tasks._place, tasks._placeIndex);
        }
        return (null, -1);
    }

    private bool HasPlaceIn(IServiceCollection services) =>
        _placeIndex < services.Count && VerbPlace.Of(services[_placeIndex]) == _place;

    private static RegisteredTasks? Of(ServiceDescriptor service) =>
        service.IsKeyedService ? null : service.ImplementationInstance as RegisteredTasks;
}
