namespace SafeLoop.Dashboard;

/// <summary>
/// An operation on a task, as authorization handlers see it: the resource of the policy of
/// <see cref="RecurringTasksEndpointConventionBuilder.AllowOperations(string)"/>.
/// </summary>
/// <example><code>
/// sealed class OwnTasks : AuthorizationHandler&lt;OperateRequirement, RecurringTaskOperation&gt;
/// {
///     protected override Task HandleRequirementAsync(
///         AuthorizationHandlerContext context, OperateRequirement requirement, RecurringTaskOperation operation)
///     {
///         if (operation.Kind is TaskCommandKind.RunNow || context.User.IsInRole("operators"))
///             context.Succeed(requirement);
///         return Task.CompletedTask;
///     }
/// }
/// </code></example>
public sealed record RecurringTaskOperation
{
    /// <summary>The name of the task.</summary>
    public required string TaskName { get; init; }

    /// <summary>The text of the key; null: the task as a whole.</summary>
    public string? Key { get; init; }

    /// <summary>What is to be done.</summary>
    public required TaskCommandKind Kind { get; init; }
}
