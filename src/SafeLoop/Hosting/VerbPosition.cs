using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>
/// A position in the order of all option setups. Verbs at this position run after earlier registrations and before later ones.
/// </summary>
/// <remarks>
/// Consecutive verbs share one position. With one service per verb, the options framework would call every verb for every task.
/// </remarks>
internal sealed class VerbPosition
{
    /// <summary>Returns the position behind a service; null when the service is something else.</summary>
    public static VerbPosition? From(ServiceDescriptor service) =>
        service.IsKeyedService ? null : service.ImplementationFactory?.Target as VerbPosition;

    public Verbs CreateVerbs(IServiceProvider services) => new(this, [.. services.GetServices<RegisteredTasks>()]);

    /// <summary>The option setup of a host for the verbs at one position.</summary>
    public sealed class Verbs(VerbPosition position, RegisteredTasks[] registered) : IConfigureNamedOptions<RecurringTaskOptions>
    {
        public void Configure(RecurringTaskOptions options)
        {
        }

        public void Configure(string? name, RecurringTaskOptions options)
        {
            var task = registered.Select(tasks => tasks.Find(name ?? "")).FirstOrDefault(task => task is not null);
            foreach (var verb in task?.VerbsAt(position) ?? [])
                verb(options);
        }
    }
}
