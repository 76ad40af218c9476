using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>A place among all that configures the options, at which verbs act: after what was registered before them, before what was registered later.</summary>
/// <remarks>One for as many verbs as follow each other, instead of a service for each verb of each task: the options framework asks every one of them about every task.</remarks>
internal sealed class VerbPlace
{
    /// <summary>The last in the collection; a new one, where something else that configures the options came after it.</summary>
    public static VerbPlace LastIn(IServiceCollection services)
    {
        if (services.LastOrDefault(service => service.ServiceType == typeof(IConfigureOptions<RecurringTaskOptions>)) is { } last && Of(last) is { } place)
            return place;
        place = new VerbPlace();
        services.AddSingleton<IConfigureOptions<RecurringTaskOptions>>(place.VerbsOf);
        return place;
    }

    /// <summary>Null: the service is something else.</summary>
    public static VerbPlace? Of(ServiceDescriptor service) => service.IsKeyedService ? null : service.ImplementationFactory?.Target as VerbPlace;

    private Verbs VerbsOf(IServiceProvider services) => new(this, services.GetRequiredService<RegisteredTasks>());

    /// <summary>What the verbs at a place configure, in a host.</summary>
    public sealed class Verbs(VerbPlace place, RegisteredTasks tasks) : IConfigureNamedOptions<RecurringTaskOptions>
    {
        public void Configure(RecurringTaskOptions options)
        {
        }

        public void Configure(string? name, RecurringTaskOptions options)
        {
            if (name is null || tasks.Find(name) is not { } task)
                return;
            foreach (var verb in task.VerbsAt(place))
                verb(options);
        }
    }
}
