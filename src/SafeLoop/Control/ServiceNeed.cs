namespace SafeLoop;

/// <summary>A service that a task takes.</summary>
/// <param name="Who">The step, check or handler that takes it, in words.</param>
/// <param name="Service">Which.</param>
/// <param name="IsClass">It is the class of the task itself.</param>
internal sealed record ServiceNeed(string Who, Type Service, bool IsClass = false)
{
    /// <summary>What is wrong when it can be no service at all; null: it can be one.</summary>
    public string? Mistake => Service == typeof(Iteration) || Service == typeof(CancellationToken)
        ? $"{Who} takes {Service.Name} as a service, which it is not. {Advice}"
        : null;

    private string Advice =>
        !Who.StartsWith("step", StringComparison.Ordinal)
            ? "Let it take services only, and last a CancellationToken or the RecurringTaskFailure, and return bool, ValueTask or Task"
        : Service == typeof(Iteration) ? "Put it after the services: (service, iteration, cancellationToken) => …"
        : "Let it take one CancellationToken, as its last parameter";

    /// <summary>All services that the steps, checks and handlers of a task take.</summary>
    public static IEnumerable<ServiceNeed> Of(TaskSteps steps, RecurringTaskOptions options)
    {
        var ofSteps = steps.All.SelectMany(step => step.Needs.Select(need => new ServiceNeed($"step '{step.Name}'", need, step.IsClass)));
        var ofWhile = Of<CancellationToken>("a While check", options.HasWhileChecks ? options.WhileChecks : []);
        var ofUntil = Of<CancellationToken>("an Until check", options.HasUntilChecks ? options.UntilChecks : []);
        var handlers = options.HasFailureHandlers ? options.FailureHandlers : [];
        return [.. ofSteps, .. ofWhile, .. ofUntil, .. Of<RecurringTaskFailure>("an OnFailure handler", handlers)];
    }

    private static IEnumerable<ServiceNeed> Of<TArgument>(string who, IEnumerable<Delegate> calls) =>
        calls.OfType<Delegate>() // a null among them is a problem of its own
            .SelectMany(call => ServiceCall<TArgument>.Of(call)?.Needs ?? []).Select(need => new ServiceNeed(who, need));
}
