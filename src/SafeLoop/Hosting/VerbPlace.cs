using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>
/// A position in the order of all option setups. Verbs at this position run after earlier registrations and before later ones.
/// </summary>
/// <remarks>
/// Consecutive verbs share one position. With one service per verb, the options framework would call every verb for every task.
/// </remarks>
internal sealed class VerbPlace
{
    /// <summary>Returns the position behind a service; null when the service is something else.</summary>
    public static VerbPlace? From(ServiceDescriptor service) =>
        service.IsKeyedService ? null : service.ImplementationFactory?.Target as VerbPlace;

    public Verbs VerbsOf(IServiceProvider services) => new(this, [.. services.GetServices<RegisteredTasks>()]);

    /// <summary>The option setup of a host for the verbs at one position.</summary>
    public sealed class Verbs(VerbPlace place, RegisteredTasks[] registered) : IConfigureNamedOptions<RecurringTaskOptions>
    {
        public void Configure(RecurringTaskOptions options)
        {
        }

        public void Configure(string? name, RecurringTaskOptions options)
        {
            var task = registered.Select(tasks => tasks.Find(name ?? "")).FirstOrDefault(task => task is not null);
            foreach (var verb in task?.VerbsAt(place) ?? [])
                verb(options);
        }
    }
}
