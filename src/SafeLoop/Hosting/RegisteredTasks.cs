using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SafeLoop;

/// <summary>All tasks of a service collection in one service: ten thousand services would each be made, kept and asked about every other.</summary>
/// <remarks>Replaced, never changed: a copied collection keeps the tasks it was copied with.</remarks>
internal sealed class RegisteredTasks
{
    private readonly ImmutableList<RecurringTaskBuilder> _all;
    private readonly Lazy<Dictionary<string, RecurringTaskBuilder>> _byName;

    private RegisteredTasks(ImmutableList<RecurringTaskBuilder> all)
    {
        _all = all;
        _byName = new(() => all.DistinctBy(task => task.Name).ToDictionary(task => task.Name));
    }

    public static RegisteredTasks None { get; } = new([]);

    /// <summary>In the order in which they were registered.</summary>
    public IReadOnlyList<RecurringTaskBuilder> All => _all;

    /// <exception cref="InvalidOperationException">The host is built.</exception>
    public static void Add(RecurringTaskBuilder task)
    {
        var earlier = (RegisteredTasks)task.Services.Last(service => service.ServiceType == typeof(RegisteredTasks)).ImplementationInstance!;
        task.Services.Replace(ServiceDescriptor.Singleton(new RegisteredTasks(earlier._all.Add(task))));
    }

    /// <summary>Null: there is none of this name. Of several, which is an error told at start-up, the first.</summary>
    public RecurringTaskBuilder? Find(string name) => _byName.Value.GetValueOrDefault(name);
}
