using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SafeLoop.Dashboard;

/// <summary>All endpoints of the API.</summary>
internal static class ApiEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        .. TaskEndpoints.All,
        .. KeyEndpoints.All,
        .. HistoryEndpoints.All,
        .. InstanceEndpoints.All,
        .. ClusterEndpoints.All,
        .. CommandEndpoints.All,
        .. ScheduleEndpoints.All,
        .. EventEndpoints.All,
        .. OperationEndpoints.All,
        .. BulkEndpoints.All,
    ];

    public static void Map(RouteGroupBuilder group, DashboardMapping dashboard)
    {
        group.WithMetadata(dashboard);
        foreach (var endpoint in All)
        {
            RequestDelegate handle = context => ApiPipeline.RunAsync(endpoint, dashboard, context);
            var mapped = group.MapMethods($"/api/{endpoint.Path}", [endpoint.Method], handle);
            ApiDescription.Describe(mapped.WithDisplayName($"SafeLoop {endpoint.Name}"), endpoint, dashboard);
        }
    }
}
