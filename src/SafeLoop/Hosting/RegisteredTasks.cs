using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>
/// All tasks of a service collection, in one service. With one service per task, the container would create each of ten
/// thousand tasks and pass it to all others.
/// </summary>
/// <remarks>
/// Immutable: a change replaces it, so a copy of the collection and a host built from it keep their version. Each change adds
/// the new version at the end of the collection, where the next change finds it immediately.
/// </remarks>
internal sealed class RegisteredTasks
{
    private readonly ImmutableList<RegisteredTask> _all;
    private readonly VerbPosition? _position; // the last in the collection, up to here
    private readonly int _positionIndex; // its index in the collection
    private readonly Lazy<Dictionary<string, RegisteredTask>> _byName;

    private RegisteredTasks(ImmutableList<RegisteredTask> all, VerbPosition? position, int positionIndex)
    {
        (_all, _position, _positionIndex) = (all, position, positionIndex);
        _byName = new(() => all.DistinctBy(task => task.Name).ToDictionary(task => task.Name));
    }

    public static RegisteredTasks None { get; } = new([], null, -1);

    /// <summary>The tasks in the order of their registration.</summary>
    public IReadOnlyList<RegisteredTask> All => _all;

    /// <summary>
    /// Finds a task by its name; null when there is none. When several have the name, which is an error at start-up, returns
    /// the first.
    /// </summary>
    public RegisteredTask? Find(string name) => _byName.Value.GetValueOrDefault(name);

    public static bool AreIn(IServiceCollection services) =>
        services.LastOrDefault(service => From(service) is not null) is not null;

    /// <summary>
    /// True when a host was built from these services; false when it was built from a copy that has changed since.
    /// </summary>
    public static bool AreSame(IServiceCollection services, IEnumerable<RegisteredTasks> resolved) =>
        services.Select(From).OfType<RegisteredTasks>().SequenceEqual(resolved, ReferenceEqualityComparer.Instance);

    /// <returns>The current registration; null when the collection has none with this id.</returns>
    public static RegisteredTask? FindById(IServiceCollection services, long id) => FindLast(services, task => task.Id == id);

    /// <returns>
    /// The last task with this name, otherwise the last that had it before it was renamed; null when there is none.
    /// </returns>
    public static RegisteredTask? FindByName(IServiceCollection services, string name) =>
        FindLast(services, task => name.Equals(task.Name, StringComparison.OrdinalIgnoreCase))
            ?? FindLast(services, task => task.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));

    public static void Add(IServiceCollection services, RegisteredTask task) => Put(services, all => all.Add(task));

    public static void Replace(IServiceCollection services, RegisteredTask task) => Put(services, all =>
        all.FindLastIndex(other => other.Id == task.Id) is >= 0 and var index ? all.SetItem(index, task) : null);

    /// <summary>
    /// Returns the position for a verb that is called now. Creates a new position when another option setup was registered
    /// after the last one.
    /// </summary>
    public static VerbPosition GetPosition(IServiceCollection services)
    {
        if (FindLastPosition(services) is { Position: { } last })
            return last;
        var position = new VerbPosition();
        services.AddSingleton<IConfigureOptions<RecurringTaskOptions>>(position.CreateVerbs);
        return position;
    }

    private static RegisteredTask? FindLast(IServiceCollection services, Predicate<RegisteredTask> isIt)
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (From(services[i])?._all.FindLast(isIt) is { } task)
                return task;
        }
        return null;
    }

    // Joined collections have several instances.
    private static void Put(
        IServiceCollection services, Func<ImmutableList<RegisteredTask>, ImmutableList<RegisteredTask>?> change)
    {
        var (position, positionIndex) = FindLastPosition(services);
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (From(services[i]) is not { } tasks || change(tasks._all) is not { } all)
                continue;
            services.RemoveAt(i);
            services.AddSingleton(new RegisteredTasks(all, position, i < positionIndex ? positionIndex - 1 : positionIndex));
            return;
        }
    }

    private static (VerbPosition? Position, int Index) FindLastPosition(IServiceCollection services)
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i].ServiceType == typeof(IConfigureOptions<RecurringTaskOptions>))
                return (VerbPosition.From(services[i]), i);
            // User code may have removed the service.
            if (From(services[i]) is { _position: not null } tasks && tasks.HasPositionIn(services))
                return (tasks._position, tasks._positionIndex);
        }
        return (null, -1);
    }

    private bool HasPositionIn(IServiceCollection services) =>
        _positionIndex < services.Count && VerbPosition.From(services[_positionIndex]) == _position;

    private static RegisteredTasks? From(ServiceDescriptor service) =>
        service.IsKeyedService ? null : service.ImplementationInstance as RegisteredTasks;
}
