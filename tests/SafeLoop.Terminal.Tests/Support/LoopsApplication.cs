using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Terminal.Tests;

/// <summary>An application with a dashboard, in virtual time and without a network.</summary>
internal sealed class LoopsApplication : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 27, 6, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;

    private LoopsApplication(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public VirtualHost Host => VirtualHost.FromServices(_app.Services);

    public static async Task<LoopsApplication> StartAsync(
        Action<IServiceCollection> register, Action<WebApplication>? map = null, DateTimeOffset? start = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        register(builder.Services);
        builder.Services.AddVirtualTime(start ?? Start);
        var app = builder.Build();
        (map ?? (open => open.MapRecurringTasks().AllowAnonymous().AllowOperations().ShowErrors()))(app);
        await app.StartAsync();
        var application = new LoopsApplication(app);
        application.Host.RealTimeLimit = TimeSpan.FromMinutes(2); // the first calls of a database take long on a busy machine
        await application.Host.AdvanceAsync(TimeSpan.Zero);
        return application;
    }

    /// <summary>Runs a verb against this application, whose time is also that of the tool.</summary>
    public HttpMessageHandler CreateHandler() => _app.GetTestServer().CreateHandler();

    public Task<Ran> RunAsync(params string[] args) => RunAsync(Services.GetRequiredService<TimeProvider>(), args);

    public Task<Ran> RunAsync(TimeProvider time, params string[] args) =>
        Terminal.RunAsync([.. args, "--url", Terminal.Url], CreateHandler, time);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
