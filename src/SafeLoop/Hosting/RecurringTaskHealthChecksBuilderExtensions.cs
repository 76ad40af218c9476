using Microsoft.Extensions.Diagnostics.HealthChecks;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of the recurring tasks.</summary>
public static class RecurringTaskHealthChecksBuilderExtensions
{
    /// <summary>Adds one check for all recurring tasks.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What is reported instead of unhealthy; null: unhealthy.</param>
    /// <param name="tags">Tags to select checks by; null: none.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// Unhealthy: an iteration is stuck, a loop gave up after failures, a task has not succeeded within its limit (<c>SucceedWithin</c>).
    /// Degraded: a task is failing or overdue, an iteration may hang (<see cref="RecurringTaskOptions.Timeout"/>), its delay
    /// policy is broken, it waits for a wall clock that was set back, or its new options were rejected. Also degraded: user code
    /// such as an observer does not return, tasks have waited a minute for the application to start, or loops wake up late
    /// because the thread pool is short of threads. A loop that was paused, or ended as planned, is healthy and mentioned.
    /// </remarks>
    public static IHealthChecksBuilder AddRecurringTasks(
        this IHealthChecksBuilder builder, string name = "recurring-tasks", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
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
                services.GetRequiredService<LoopObservers>().Blocked),
            failureStatus,
            tags));
    }
}
