using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>A place among all that configures the options, at which verbs act: after what was registered before them, before what was registered later.</summary>
/// <remarks>One for as many verbs as follow each other, instead of a service for each verb of each task: the options framework asks every one of them about every task.</remarks>
internal sealed class VerbPlace
{
    /// <summary>Null: the service is something else.</summary>
    public static VerbPlace? Of(ServiceDescriptor service) => service.IsKeyedService ? null : service.ImplementationFactory?.Target as VerbPlace;

    public Verbs VerbsOf(IServiceProvider services) => new(this, [.. services.GetServices<RegisteredTasks>()]);

    /// <summary>What the verbs at a place configure, in a host.</summary>
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
