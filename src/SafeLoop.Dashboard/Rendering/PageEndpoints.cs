using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard;

/// <summary>All pages.</summary>
internal static class PageEndpoints
{
    public static IReadOnlyList<PageEndpoint> All { get; } =
    [
        PageEndpoint.Get("", OverviewHandler.HandleAsync),
        PageEndpoint.Get("task", TaskHandler.HandleTaskAsync),
        PageEndpoint.Get("key", TaskHandler.HandleKeyAsync),
        PageEndpoint.Get("keys", KeysHandler.HandleAsync),
        PageEndpoint.Get("slot", SlotHandler.HandleAsync),
        PageEndpoint.Get("calendar", CalendarHandler.HandleAsync),
        PageEndpoint.Get("preview", PreviewHandler.HandleAsync),
        PageEndpoint.Get("commands", CommandsHandler.HandleAsync),
        PageEndpoint.Get("instances", InstancesHandler.HandleAsync),
        PageEndpoint.Get("cluster", ClusterHandler.HandleAsync),
        PageEndpoint.Get("bulk", BulkHandler.ShowAsync),
        PageEndpoint.Post("bulk", BulkHandler.ActAsync),
        PageEndpoint.Post("operate", OperationHandler.HandleAsync),
        PageEndpoint.Post("view", PreferencesHandler.HandleAsync),
    ];

    public static void Map(RouteGroupBuilder group, DashboardMapping dashboard)
    {
        var reads = new SharedReads(dashboard.Services.GetRequiredService<TimeProvider>());
        foreach (var endpoint in All)
        {
            RequestDelegate handle = context => PagePipeline.RunAsync(endpoint, dashboard, reads, context);
            group.MapMethods($"/{endpoint.Path}", [endpoint.Method], handle)
                .WithDisplayName($"SafeLoop page {endpoint.Method} {endpoint.Path}")
                .ExcludeFromDescription();
        }
        AssetEndpoints.Map(group);
    }
}
