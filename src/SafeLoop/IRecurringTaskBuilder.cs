using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>A recurring task being registered: every verb is an extension method on it and returns it.</summary>
/// <remarks>
/// <para>
/// Verbs configure the named <see cref="RecurringTaskOptions"/>, so that packages can add their own. They need nothing but
/// <see cref="Name"/> and <see cref="Services"/>, so an implementation of your own works with all of them: a wrapper that adds
/// a property, for instance. Its task must be registered with <c>AddRecurringTask</c> in the same services.
/// </para>
/// <para>
/// After <c>Named</c>, verbs reach the task under its old name too, unless another task has that name. So does what was
/// configured for the options of the old name.
/// </para>
/// </remarks>
public interface IRecurringTaskBuilder
{
    /// <summary>The task's name: the key of its options, its configuration section, its logs and its metrics.</summary>
    string Name { get; }

    /// <summary>The services the task is registered in.</summary>
    IServiceCollection Services { get; }
}
