using Microsoft.EntityFrameworkCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DashboardSample;

/// <summary>An application with a dashboard, a store, health and metrics.</summary>
internal static class DemoHost
{
    public static WebApplication Build(int port, string database)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        // Many of these tasks fail on purpose. The dashboard shows it; the console need not.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("SafeLoop", LogLevel.None)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);

        // One of the tasks is stuck now and then. Ctrl+C does not wait for it.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(3));

        builder.Services.AddRecurringTaskStore(db => db.UseSqlite($"Data Source={database}"));
        builder.Services.AddMemoryWatch();
        DemoTasks.Add(builder.Services);
        builder.Services.AddHealthChecks().AddRecurringTasks();
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("SafeLoop").AddPrometheusExporter())
            .WithTracing(traces => traces.AddSource("SafeLoop"));

        var app = builder.Build();
        // It listens on this machine only. An application on a network demands a policy here, for both.
        app.MapRecurringTasks("/loops").AllowAnonymous().AllowOperations().ShowErrors();
        app.MapHealthChecks("/health");
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapGet("/", () => Results.Redirect("loops"));
        return app;
    }
}
