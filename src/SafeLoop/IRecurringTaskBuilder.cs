using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>A recurring task being registered: every verb is an extension method on it and returns it.</summary>
/// <remarks>Verbs configure the named <see cref="RecurringTaskOptions"/>, so that packages can add their own.</remarks>
public interface IRecurringTaskBuilder
{
    /// <summary>The task's name: the key of its options, its configuration section, its logs and its metrics.</summary>
    string Name { get; }

    /// <summary>The services the task is registered in.</summary>
    IServiceCollection Services { get; }
}
