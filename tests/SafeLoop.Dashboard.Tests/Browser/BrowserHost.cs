using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Dashboard.Tests;

/// <summary>An application with a dashboard on a real port, whose tasks live in virtual time.</summary>
internal sealed class BrowserHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BrowserHost(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public VirtualHost Time => VirtualHost.FromServices(_app.Services);

    /// <summary>The address of the overview.</summary>
    public string Address => $"{_app.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.First()}/loops/";

    public static async Task<BrowserHost> StartAsync(
        Action<WebApplicationBuilder> configure, Action<RecurringTasksEndpointConventionBuilder>? grant = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        configure(builder);
        builder.Services.AddVirtualTime(DemoTasks.Start);
        var app = builder.Build();
        (grant ?? GrantAll)(app.MapRecurringTasks());
        await app.StartAsync();
        var host = new BrowserHost(app);
        await host.Time.AdvanceAsync(TimeSpan.Zero);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static void GrantAll(RecurringTasksEndpointConventionBuilder mapping) =>
        mapping.AllowAnonymous().AllowOperations().ShowErrors();
}
