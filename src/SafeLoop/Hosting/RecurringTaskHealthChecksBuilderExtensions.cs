using Microsoft.Extensions.Diagnostics.HealthChecks;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of the recurring tasks.</summary>
public static class RecurringTaskHealthChecksBuilderExtensions
{
    /// <summary>Adds one check for all recurring tasks.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">The status to report instead of unhealthy; null: unhealthy.</param>
    /// <param name="tags">Tags to select checks by; null: none.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// Unhealthy: an iteration is stuck, a loop has ended after failures, or a task has not succeeded within its limit
    /// (<c>SucceedWithin</c>). Degraded: a task is failing or overdue, an iteration may hang (<see
    /// cref="RecurringTaskOptions.Timeout"/>), a delay policy is broken, a task waits for a wall clock that was set back, or
    /// new options were rejected. Also degraded: user code such as an observer does not return, tasks have waited a minute for
    /// the application to start, or loops wake up late because the thread pool has too few threads. A loop that was paused, or
    /// has ended as planned, is listed as healthy. For a keyed task, keys are counted by symptom, and healthy ones are not
    /// listed.
    /// </remarks>
    public static IHealthChecksBuilder AddRecurringTasks(
        this IHealthChecksBuilder builder,
        string name = "recurring-tasks",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddRecurringTasks();
        return builder.Add(new HealthCheckRegistration(
            name,
            static services => new RecurringTasksHealthCheck(
                services.GetRequiredService<RecurringTasks>(),
                services.GetService<MemoryWatch>(),
                services.GetRequiredService<ApplicationStart>(),
                services.GetRequiredService<Pacemaker>(),
                services.GetRequiredService<LoopObservers>().Blocked,
                services.GetRequiredService<StoreAccess>().Session),
            failureStatus,
            tags));
    }
}
