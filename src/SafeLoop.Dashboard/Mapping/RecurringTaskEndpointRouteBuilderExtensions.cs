using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop;
using SafeLoop.Dashboard;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the dashboard and the HTTP API of recurring tasks.</summary>
public static class RecurringTaskEndpointRouteBuilderExtensions
{
    /// <summary>Maps the dashboard and the HTTP API of the recurring tasks of this application.</summary>
    /// <param name="endpoints">The application, or a group of it.</param>
    /// <param name="prefix">The path below which everything lies, such as <c>/loops</c>.</param>
    /// <returns>
    /// A builder that says who may see it, for example with <c>RequireAuthorization("see")</c>, and what else is allowed.
    /// </returns>
    /// <remarks>
    /// <para>
    /// The host does not start while nothing says who may read: call <c>RequireAuthorization</c> or <c>AllowAnonymous</c> on the
    /// result or on its group, or set a <c>FallbackPolicy</c>.
    /// </para>
    /// <para>
    /// Operations are off until <see cref="RecurringTasksEndpointConventionBuilder.AllowOperations()"/>, and error texts are
    /// hidden until <see cref="RecurringTasksEndpointConventionBuilder.ShowErrors()"/>.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="prefix"/> is empty or <c>/</c>.</exception>
    /// <exception cref="InvalidOperationException">No recurring task is registered.</exception>
    /// <example><code>
    /// app.MapRecurringTasks("/loops").RequireAuthorization("see").AllowOperations("act");
    /// </code></example>
    public static RecurringTasksEndpointConventionBuilder MapRecurringTasks(
        this IEndpointRouteBuilder endpoints, string prefix = "/loops")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (string.IsNullOrWhiteSpace(prefix?.Trim('/')))
        {
            throw new ArgumentException(
                $"The prefix of MapRecurringTasks is '{prefix}'. Give it a path of its own, such as \"/loops\".", nameof(prefix));
        }
        if (endpoints.ServiceProvider.GetService<IRecurringTasks>() is null)
        {
            throw new InvalidOperationException(
                $"MapRecurringTasks(\"{prefix}\") finds no recurring tasks in the services. Call "
                    + "builder.Services.AddRecurringTask(…), or AddRecurringTasks() when all are added at run time.");
        }

        var grants = new Grants();
        var dashboard = new DashboardMapping(endpoints.ServiceProvider, grants, $"/{prefix.Trim('/')}");
        var group = endpoints.MapGroup(dashboard.Prefix);
        ApiEndpoints.Map(group, dashboard);
        PageEndpoints.Map(group, dashboard);
        StartUpGuard.Watch(endpoints, dashboard);
        return new(group, grants);
    }
}
