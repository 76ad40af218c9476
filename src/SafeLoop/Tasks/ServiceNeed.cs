namespace SafeLoop;

/// <summary>A service that a step, check or handler of a task takes.</summary>
/// <param name="Who">The step, check or handler, for the sentence.</param>
/// <param name="Service">The service.</param>
/// <param name="IsClass">True when the service is the class of the task itself.</param>
internal sealed record ServiceNeed(string Who, Type Service, bool IsClass = false)
{
    /// <summary>A sentence about a parameter type that cannot be a service; null when it can.</summary>
    public string? Mistake => Service == typeof(Iteration) || Service == typeof(CancellationToken)
        ? $"{Who} takes {Service.Name} as a service, which it is not. {Advice}"
        : null;

    private string Advice =>
        !Who.StartsWith("step", StringComparison.Ordinal)
            ? "Let it take services only, and last a CancellationToken or the RecurringTaskFailure, "
                + "and return bool, ValueTask or Task"
        : Service == typeof(Iteration) ? "Put it after the services: (service, iteration, cancellationToken) => …"
        : "Let it take one CancellationToken, as its last parameter";

    /// <summary>All services that the steps, checks and handlers of a task take.</summary>
    public static IEnumerable<ServiceNeed> FindAll(TaskSteps steps, RecurringTaskOptions options)
    {
        var ofSteps = steps.All.SelectMany(step =>
            step.Needs.Select(need => new ServiceNeed($"step '{step.Name}'", need, step.IsClass)));
        var ofWhile = FindIn<CancellationToken>("a While check", options.HasWhileChecks ? options.WhileChecks : []);
        var ofUntil = FindIn<CancellationToken>("an Until check", options.HasUntilChecks ? options.UntilChecks : []);
        var handlers = options.HasFailureHandlers ? options.FailureHandlers : [];
        return [.. ofSteps, .. ofWhile, .. ofUntil, .. FindIn<RecurringTaskFailure>("an OnFailure handler", handlers)];
    }

    private static IEnumerable<ServiceNeed> FindIn<TArgument>(string who, IEnumerable<Delegate> calls) =>
        calls.OfType<Delegate>() // OptionsProblems reports nulls
            .SelectMany(call => ServiceCall<TArgument>.Find(call)?.Needs ?? []).Select(need => new ServiceNeed(who, need));
}
