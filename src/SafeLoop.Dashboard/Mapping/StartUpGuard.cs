using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Dashboard;

/// <summary>Keeps a host from starting while nothing says who may see a dashboard of it.</summary>
/// <remarks>
/// Conventions and groups are complete only when the pipeline is built. A <c>WebApplication</c> builds it before it listens, so
/// the check is a middleware that is left out again. In other hosts the pipeline is being built when the dashboard is mapped:
/// such a host is stopped as soon as it has started, and <see cref="AccessDecision"/> refuses every request until then.
/// </remarks>
internal static class StartUpGuard
{
    public static void Watch(IEndpointRouteBuilder endpoints, DashboardMapping dashboard)
    {
        var root = RootOf(endpoints);
        if (root is IApplicationBuilder application)
        {
            application.Use(next =>
            {
                if (FindProblem(root, dashboard) is { } problem)
                    throw new InvalidOperationException(problem);
                return next;
            });
            return;
        }
        var lifetime = endpoints.ServiceProvider.GetService<IHostApplicationLifetime>();
        lifetime?.ApplicationStarted.Register(() => StopHost(endpoints, dashboard, lifetime));
    }

    // Without the field, which the framework may rename, a group is checked when the host has started.
    private static IEndpointRouteBuilder RootOf(IEndpointRouteBuilder endpoints)
    {
        try
        {
            return endpoints is RouteGroupBuilder group ? RootOf(OuterOf(group)) : endpoints;
        }
        catch (MissingFieldException)
        {
            return endpoints;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_outerEndpointRouteBuilder")]
    private static extern ref IEndpointRouteBuilder OuterOf(RouteGroupBuilder group);

    private static void StopHost(IEndpointRouteBuilder endpoints, DashboardMapping dashboard, IHostApplicationLifetime lifetime)
    {
        var all = endpoints.ServiceProvider.GetRequiredService<EndpointDataSource>().Endpoints;
        if (FindProblem(all, dashboard) is not { } problem)
            return;
        GuardLog.Stopping(endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("SafeLoop"), problem);
        Environment.ExitCode = Environment.ExitCode == 0 ? 1 : Environment.ExitCode;
        lifetime.StopApplication();
    }

    private static string? FindProblem(IEndpointRouteBuilder root, DashboardMapping dashboard) =>
        FindProblem(root.DataSources.Reverse().SelectMany(source => source.Endpoints), dashboard);

    // All endpoints of a mapping have the same conventions, so the first one is enough.
    private static string? FindProblem(IEnumerable<Endpoint> endpoints, DashboardMapping dashboard)
    {
        var own = endpoints.FirstOrDefault(endpoint => endpoint.Metadata.GetMetadata<DashboardMapping>() == dashboard);
        return own is null ? null
            : !AccessDecision.IsMade(own, dashboard.Services) ? AccessDecision.Missing(dashboard)
            : GrantedPolicies.FindProblem(dashboard);
    }
}
