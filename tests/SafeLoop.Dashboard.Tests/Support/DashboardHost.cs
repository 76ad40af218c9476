using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Dashboard.Tests;

/// <summary>An application with a dashboard, in virtual time and without a network.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DashboardHost(WebApplication app) => (_app, Client) = (app, app.GetTestClient());

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public VirtualHost Time => VirtualHost.FromServices(_app.Services);

    /// <summary>Starts a host whose dashboard anyone may read, with operations and error texts.</summary>
    public static Task<DashboardHost> StartOpenAsync(Action<WebApplicationBuilder> configure) =>
        StartAsync(configure, app => app.MapRecurringTasks().AllowAnonymous().AllowOperations().ShowErrors());

    /// <summary>Starts a host.</summary>
    /// <param name="configure">Registers tasks and services.</param>
    /// <param name="map">Maps the dashboard.</param>
    public static async Task<DashboardHost> StartAsync(Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        var app = Build(configure, map);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        var host = new DashboardHost(app);
        host.Time.RealTimeLimit = TimeSpan.FromMinutes(2); // the first calls of a database take long on a busy machine
        await host.Time.AdvanceAsync(TimeSpan.Zero);
        return host;
    }

    /// <summary>Builds a host that is not started yet.</summary>
    public static WebApplication Build(Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddAuthentication(HeaderAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>(HeaderAuthentication.SchemeName, null);
        builder.Services.AddAuthorization();
        builder.Services.AddRecurringTasks();
        configure(builder);
        builder.Services.AddVirtualTime();
        var app = builder.Build();
        map(app);
        return app;
    }

    /// <summary>The JSON of a page of the API.</summary>
    public async Task<JsonElement> GetAsync(string path) =>
        await Client.GetFromJsonAsync<JsonElement>($"/loops/api/{path}");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
