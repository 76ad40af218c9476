namespace SafeLoop;

/// <summary>Why the container cannot build a service.</summary>
/// <param name="Fault">What is wrong.</param>
/// <param name="Service">The service at fault.</param>
/// <param name="NeededBy">
/// The chain from the service that the step takes down to the one that needs <paramref name="Service"/>. Empty when the step
/// takes <paramref name="Service"/> itself.
/// </param>
internal sealed record ServiceProblem(ServiceFault Fault, ServiceId Service, params ServiceId[] NeededBy)
{
    /// <summary>For <see cref="ServiceFault.Captive"/>: the scoped service.</summary>
    public ServiceId? Scoped { get; init; }

    /// <summary>For <see cref="ServiceFault.Constraint"/>: the generic class.</summary>
    public ServiceId? Class { get; init; }

    public ServiceProblem Below(ServiceId owner) => this with { NeededBy = [owner, .. NeededBy] };

    /// <param name="who">The step, check or handler, for the sentence.</param>
    /// <param name="isClass">True when the chain begins with the step's own class, which the sentence leaves out.</param>
    public string Sentence(string who, bool isClass)
    {
        var owners = NeededBy.Skip(isClass ? 1 : 0).ToArray();
        var needs = $"{who} needs {Service}{(owners.Length == 0 ? "" : $" (for {string.Join(" → ", owners)})")}";
        return Fault switch
        {
            ServiceFault.NotRegistered => $"{needs}, which is not registered. {Service.Registration}",
            ServiceFault.NoConstructor => $"{needs}, which has no public constructor. "
                + "Make one public, or register it with a factory",
            ServiceFault.Constraint => $"{needs}, but the constraints of {Class} exclude it. "
                + $"Register a class for {Service}, or loosen the constraints",
            ServiceFault.Ambiguous => $"{needs}, which has two constructors that can both be called. "
                + "Remove one, or register it with a factory",
            ServiceFault.Circular => $"{needs}, which needs itself. Break the circle, for example with a factory",
            ServiceFault.Scoped => $"{needs}, which is scoped, but the task is a singleton: "
                + "all iterations would share one instance. Remove AsSingleton, or create a scope in the step",
            _ => $"{needs}, a singleton that needs {Scoped}, which is scoped: this host's container refuses that. "
                + "Register one of the two differently, or inject IServiceScopeFactory",
        };
    }
}
