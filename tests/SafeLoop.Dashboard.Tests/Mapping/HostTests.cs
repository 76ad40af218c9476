using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>The API works below a path base, behind proxies, and in hosts of all kinds.</summary>
public sealed class HostTests
{
    [Fact]
    public Task Below_a_path_base() => FollowAsync(app =>
    {
        app.UsePathBase("/base");
        app.UseRouting();
        app.MapRecurringTasks().AllowAnonymous().AllowOperations();
    }, "/base/loops/api/");

    [Fact]
    public Task Behind_a_proxy_that_strips_the_prefix() => FollowAsync(app =>
    {
        // The client sees /public/…, the application does not.
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/public", out var rest))
                context.Request.Path = rest;
            return next(context);
        });
        app.UseRouting();
        app.MapRecurringTasks().AllowAnonymous().AllowOperations();
    }, "/public/loops/api/");

    [Fact]
    public Task Behind_a_proxy_that_keeps_the_prefix() =>
        FollowAsync(app => app.MapRecurringTasks("/public/loops").AllowAnonymous().AllowOperations(), "/public/loops/api/");

    [Fact]
    public Task In_a_group() =>
        FollowAsync(app => app.MapGroup("/admin").AllowAnonymous().MapRecurringTasks().AllowOperations(), "/admin/loops/api/");

    [Fact]
    public Task Beside_MVC() => FollowAsync(
        app =>
        {
            app.MapControllers();
            app.MapRecurringTasks().AllowAnonymous().AllowOperations();
        },
        "/loops/api/",
        builder => builder.Services.AddControllersWithViews());

    [Fact]
    public Task Beside_Blazor() => FollowAsync(
        app =>
        {
            app.UseAntiforgery();
            app.MapRecurringTasks().AllowAnonymous().AllowOperations();
        },
        "/loops/api/",
        builder => builder.Services.AddRazorComponents().AddInteractiveServerComponents());

    [Fact]
    public async Task Two_mappings_in_one_application_have_their_own_rules()
    {
        await using var host = await StartAsync(app =>
        {
            app.MapRecurringTasks("/see").AllowAnonymous();
            app.MapRecurringTasks("/act").RequireAuthorization().AllowOperations();
        });

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/see/api/tasks")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.GetAsync("/act/api/tasks")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PauseAsync(host, "/see/api/")).StatusCode);
        host.Client.DefaultRequestHeaders.Add(HeaderAuthentication.Header, "ann");
        Assert.Equal(HttpStatusCode.Accepted, (await PauseAsync(host, "/act/api/")).StatusCode);
    }

    // An operation, and the location that it answers, resolved as a browser does.
    private static async Task FollowAsync(
        Action<WebApplication> map, string api, Action<WebApplicationBuilder>? configure = null)
    {
        await using var host = await StartAsync(map, configure);

        var answer = await PauseAsync(host, api);
        var location = new Uri(new Uri(host.Client.BaseAddress!, $"{api}pause"), answer.Headers.Location!);
        var command = await host.Client.GetFromJsonAsync<JsonElement>(location);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("paused", command.Text("text"));
    }

    private static Task<HttpResponseMessage> PauseAsync(DashboardHost host, string api)
    {
        var content = JsonContent.Create(new { task = "prices", reason = "x" }, options: JsonSerializerOptions.Web);
        content.Headers.Add("X-SafeLoop", "1");
        return host.Client.PostAsync($"{api}pause", content);
    }

    private static Task<DashboardHost> StartAsync(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null) => DashboardHost.StartAsync(
        builder =>
        {
            builder.Services.AddRecurringTask("prices", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
            configure?.Invoke(builder);
        },
        map);
}
