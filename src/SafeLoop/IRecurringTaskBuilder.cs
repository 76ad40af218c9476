using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>Builds the registration of a recurring task. Every verb is an extension method that returns the builder.</summary>
/// <remarks>
/// <para>
/// Verbs configure the named <see cref="RecurringTaskOptions"/>, so packages can add their own. They need only <see
/// cref="Name"/> and <see cref="Services"/>, so they also work with your own implementation, such as a wrapper that adds a
/// property. Its task must be registered with <c>AddRecurringTask</c> in the same services.
/// </para>
/// <para>
/// After <c>Named</c>, verbs and options that use the old name still apply to the task, unless another task has that name.
/// </para>
/// </remarks>
public interface IRecurringTaskBuilder
{
    /// <summary>The task's name: the key of its options, its configuration section, its logs and its metrics.</summary>
    string Name { get; }

    /// <summary>The service collection in which the task is registered.</summary>
    IServiceCollection Services { get; }
}
